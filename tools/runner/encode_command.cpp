#include <fmt/format.h>

#include <cstdio>
#include <nlohmann/json.hpp>
#include <sstream>

#include "base/atomic_file.h"
#include "base/data_errors.h"
#include "base/errors.h"
#include "base/text.h"
#include "commands.h"
#include "compute.h"
#include "config/resolve.h"
#include "data/image_files.h"
#include "data/text_lines.h"
#include "features/feature_encoder.h"
#include "formats/safetensors_writer.h"
#include "json_line.h"
#include "result_stream.h"
#include "terminal.h"

namespace runner {

namespace {

using namespace trefoil;

std::vector<std::string> parse_texts(const std::filesystem::path& file) {
  std::vector<std::string> texts;
  if (file.extension() != ".json") {
    for (const data::TextLine& line : data::read_lines(file)) texts.push_back(line.text);
    return texts;
  }
  const std::string text = base::read_json_text(file);
  try {
    return Json::parse(text).get<std::vector<std::string>>();
  } catch (const Json::exception&) {
    throw DataError(file.string() + ": the file is not a JSON array of texts");
  }
}

// Reads one text per line, or a JSON array of texts, in which a text may contain line breaks.
std::vector<std::string> read_texts(const std::filesystem::path& file) {
  std::vector<std::string> texts = parse_texts(file);
  if (texts.empty()) throw DataError(file.string() + ": there are no texts in it");
  return texts;
}

// One of `count` parts of a list: the elements index, index + count, index + 2 · count, …
struct Shard {
  std::size_t index = 0;
  std::size_t count = 1;
};

[[noreturn]] void refuse(const std::string& what, const std::string& cure) {
  throw config::ConfigError({{{}, what, cure}});
}

// Parses "2/8", where the index counts from 1. "" means the whole list.
Shard parse_shard(const std::string& text) {
  if (text.empty()) return {};
  std::istringstream stream(text);
  Shard shard;
  char slash = 0;
  const bool read = stream >> shard.index >> slash >> shard.count && slash == '/' && stream.peek() == EOF;
  if (!read || text.find('-') != std::string::npos || shard.index < 1 || shard.index > shard.count)
    refuse("--shard " + text + " is not a part I/N with I from 1 to N", "for example --shard 2/8");
  --shard.index;
  return shard;
}

template <typename Element>
std::vector<Element> part_of(const std::vector<Element>& list, const Shard& shard) {
  std::vector<Element> part;
  for (std::size_t i = shard.index; i < list.size(); i += shard.count) part.push_back(list[i]);
  return part;
}

struct EncodedImages {
  std::vector<std::string> names;  // of the readable images, relative to the folder
  std::vector<features::RowRef> places;
};

EncodedImages encode_images(const EncodeOptions& options, const Shard& shard, features::FeatureEncoder& encoder) {
  if (options.images.empty()) return {};
  data::ImageFinder finder;
  const std::vector<std::filesystem::path> all = finder.below(options.images);
  if (all.empty()) finder.refuse_as_empty(options.images);
  if (const std::string ignored = finder.ignored(); !ignored.empty()) encoder.log(ignored);
  const std::vector<std::filesystem::path> files = part_of(all, shard);
  const features::ImageRows places =
      encoder.images(encoder.scan(files, {options.views, options.seed}), "encode images").rows;
  EncodedImages encoded;
  for (std::size_t i = 0; i < files.size(); ++i) {
    if (!places[i]) continue;
    encoded.names.push_back(files[i].lexically_relative(options.images).string());
    encoded.places.push_back(*places[i]);
  }
  return encoded;
}

// Copies the features from the store block by block, so that memory does not grow with the number of images.
void append_images(const std::vector<features::RowRef>& places, const features::FeatureStore& store,
                   formats::SafetensorsWriter& writer) {
  constexpr std::size_t kBlock = 4096;
  for (std::size_t first = 0; first < places.size(); first += kBlock) {
    const auto begin = places.begin() + static_cast<std::ptrdiff_t>(first);
    const auto end = places.begin() + static_cast<std::ptrdiff_t>(std::min(first + kBlock, places.size()));
    writer.append(store.read({begin, end}));
  }
}

void write_features(const EncodeOptions& options, features::FeatureEncoder& encoder, const EncodedImages& images,
                    const std::vector<std::string>& texts) {
  std::vector<formats::TensorPlan> plans;
  std::map<std::string, std::string> metadata = {{"encoder", encoder.key().description}};
  const auto image_count = static_cast<std::int64_t>(images.places.size());
  if (image_count > 0) {
    const std::int64_t width = encoder.store().read({images.places.front()}).size(1);
    plans.push_back({"image_features", torch::kFloat, {image_count, width}});
    metadata["image_names"] = json_line(images.names);
  }
  torch::Tensor text_features;
  torch::Tensor tokens;
  if (!texts.empty()) {
    text_features = encoder.texts(texts);
    tokens = encoder.tokens(texts);
    plans.push_back({"text_features", torch::kFloat, text_features.sizes().vec()});
    if (tokens.defined()) plans.push_back({"tokens", torch::kLong, tokens.sizes().vec()});
    metadata["texts"] = json_line(texts);
  }
  formats::SafetensorsWriter writer(options.out, plans, metadata);
  append_images(images.places, encoder.store(), writer);
  if (text_features.defined()) writer.append(text_features);
  if (tokens.defined()) writer.append(tokens);
  writer.commit();
}

void require_something_to_do(const EncodeOptions& options) {
  if (options.images.empty() && options.texts.empty())
    refuse("there is nothing to encode", "give --images DIR, --texts FILE, or both");
  if (options.out.empty() && options.shard.empty())
    refuse("there is no file to write", "give --out FILE.safetensors, or --shard I/N to fill the store only");
}

void print_result(const EncodeOptions& options, std::size_t images, std::size_t texts) {
  const bool is_part = !options.shard.empty();
  const std::string into = (is_part ? options.store : options.out).string();
  std::FILE* const to = result_stream(options.out);
  if (!options.json) {
    fmt::print(to, "{}{}, {} → {}\n", is_part ? "part " + options.shard + ": " : "", base::counted(images, "image"),
               base::counted(texts, "text"), into);
    return;
  }
  Json result = {{is_part ? "store" : "out", into}, {"images", images}, {"texts", texts}};
  if (is_part) result["shard"] = options.shard;
  fmt::print(to, "{}\n", json_line(result));
}

// Refuses what cannot be written before anything is encoded, which may take hours.
void require_place(const std::filesystem::path& out) {
  if (out.empty()) return;
  base::make_folder_of(out);
  base::require_writable(out);
}

}  // namespace

void encode(const EncodeOptions& options) {
  require_something_to_do(options);
  const Shard shard = parse_shard(options.shard);
  const std::vector<std::string> texts =
      options.texts.empty() ? std::vector<std::string>{} : part_of(read_texts(options.texts), shard);
  const runtime::Registry registry(runtime::search_path({}));
  const runtime::PluginChoice choice =
      config::choose_plugin(PluginKind::encoder, options.plugin, options.values, registry);
  const runtime::Compute compute = compute_of(options.device, options.threads);
  require_place(options.out);
  prepare_process();
  Terminal terminal;
  runtime::ReportedMetrics figures;
  base::FileSums sums;
  const auto policy = options.on_bad_image == "skip" ? features::OnBadImage::skip : features::OnBadImage::fail;
  const auto decode = options.decode == "fast" ? formats::Decode::fast : formats::Decode::exact;
  features::FeatureEncoder encoder(choice, {options.seed, terminal, figures, sums},
                                   {options.store, compute, policy, decode});

  const EncodedImages images = encode_images(options, shard, encoder);
  if (!options.shard.empty()) {
    if (!texts.empty()) encoder.texts(texts);  // writes them to the store
  } else {
    write_features(options, encoder, images, texts);
  }
  terminal.clear_bar();
  print_result(options, images.places.size(), texts.size());
}

}  // namespace runner
