#include "run/model_file.h"

#include <array>
#include <map>
#include <stdexcept>
#include <utility>

#include "base/errors.h"
#include "base/sha256.h"
#include "base/text.h"
#include "formats/array.h"
#include "formats/safetensors_writer.h"
#include "runtime/checker.h"

namespace trefoil::run {

namespace {

using Json = nlohmann::ordered_json;
using Metadata = std::map<std::string, std::string>;

// Format 2 adds the tensor `values`; format 3 the relation that computes the logits, and the adapter. A model without
// them has format 1, which earlier versions of Trefoil read too.
constexpr int kFormat = 1;
constexpr int kFormatWithValues = 2;
constexpr int kFormatWithPlugins = 3;
constexpr const char* kFormatKey = "trefoil_model";
constexpr const char* kSumKey = "sha256";
constexpr const char* kCure = "; copy the file again, or run the experiment again";

constexpr std::array<std::pair<const char*, torch::Tensor Classifier::*>, 8> kTensors = {
    {{"text", &Classifier::text},
     {"bias", &Classifier::bias},
     {"keys", &Classifier::keys},
     {"labels", &Classifier::labels},
     {"values", &Classifier::values},
     {"weight", &Classifier::weight},
     {"divergence", &Classifier::divergence},
     {"channels", &Classifier::channels}}};

constexpr std::array<std::pair<const char*, double Classifier::*>, 4> kNumbers = {
    {{"logit_scale", &Classifier::logit_scale},
     {"alpha", &Classifier::alpha},
     {"beta", &Classifier::beta},
     {"gamma", &Classifier::gamma}}};

// The tensors of the file by name, some of them undefined: [(name, pointer to the tensor)].
template <typename AnyModel>
auto tensors_of(AnyModel& model) {
  std::vector<std::pair<std::string, decltype(&model.support.text)>> tensors;
  tensors.reserve(kTensors.size() + 6);  // and the six below
  for (const auto& [name, field] : kTensors) tensors.emplace_back(name, &(model.classifier.*field));
  tensors.emplace_back("support.text", &model.support.text);
  tensors.emplace_back("support.images", &model.support.images);
  tensors.emplace_back("support.labels", &model.support.labels);
  tensors.emplace_back("support.views", &model.support.views);
  tensors.emplace_back("channels.index", &model.channels.index);
  tensors.emplace_back("channels.score", &model.channels.score);
  return tensors;
}

// Paths may hold bytes that are not UTF-8. JSON may not: they become U+FFFD.
std::string text_of(const Json& json) { return json.dump(-1, ' ', false, Json::error_handler_t::replace); }

int format_of(const Model& model) {
  if (model.relation || model.adapter) return kFormatWithPlugins;
  return model.classifier.values.defined() ? kFormatWithValues : kFormat;
}

Metadata metadata_of(const Model& model) {
  Metadata metadata = {{kFormatKey, text_of(format_of(model))},
                       {"experiment", text_of(model.experiment)},
                       {"layout", text_of(model.layout)},
                       {"class_names", text_of(model.class_names)},
                       {"subsets", text_of(model.subsets)},
                       {"warnings", text_of(model.warnings)},
                       {"renormalise", text_of(model.classifier.renormalise)}};
  for (const auto& [name, number] : kNumbers) metadata[name] = text_of(model.classifier.*number);
  if (model.encoder) metadata["encoder"] = text_of(*model.encoder);
  if (model.relation) metadata["relation"] = text_of(*model.relation);
  if (model.adapter) metadata["adapter"] = text_of(*model.adapter);
  return metadata;
}

// The SHA-256 of the metadata, without the sum itself, and of the tensors.
std::string content_sum(Metadata metadata, const Model& model) {
  metadata.erase(kSumKey);
  std::string content = text_of(metadata);
  for (const auto& [name, field] : tensors_of(model)) {
    if (!field->defined()) continue;
    const torch::Tensor tensor = field->contiguous();
    content += name + base::sha256({static_cast<const char*>(tensor.data_ptr()), tensor.nbytes()});
  }
  return base::sha256(content);
}

class Reader {
 public:
  explicit Reader(const std::filesystem::path& file) : file_(file) {}

  Model read() {
    read_header();
    require_format();
    read_metadata();
    for (const auto& [name, field] : tensors_of(model_)) {
      const auto found = header_.tensors.find(name);
      if (found != header_.tensors.end()) *field = formats::read_tensor(file_, found->second);
    }
    if (content_sum(header_.metadata, model_) != metadata(kSumKey)) {
      refuse_damaged("its content has changed since it was written (its SHA-256 differs)");
    }
    require_agreement();
    return std::move(model_);
  }

 private:
  [[noreturn]] void refuse(const std::string& what) const { throw DataError(file_.string() + ": " + what); }

  [[noreturn]] void refuse_damaged(const std::string& what) const { refuse(what + kCure); }

  void read_header() {
    try {
      header_ = formats::read_safetensors_header(file_);
    } catch (const DataError& error) {
      throw DataError(std::string(error.what()) + kCure);
    }
  }

  void require_format() const {
    const auto format = header_.metadata.find(kFormatKey);
    if (format == header_.metadata.end()) {
      refuse("it is not a model of Trefoil; name a run directory, or the model.safetensors in one");
    }
    for (const int known : {kFormat, kFormatWithValues, kFormatWithPlugins}) {
      if (format->second == text_of(known)) return;
    }
    refuse("it is a model of format " + format->second + ", and this program reads formats up to " +
           text_of(kFormatWithPlugins) + "; use the version of Trefoil that wrote it, or run the experiment again");
  }

  const std::string& metadata(const char* key) const {
    const auto found = header_.metadata.find(key);
    if (found == header_.metadata.end()) refuse_damaged(std::string("its metadata has no '") + key + "'");
    return found->second;
  }

  template <typename Value>
  void read_value(const char* key, Value& value) const {
    if (const std::string reason = base::ordered_json_refusal(metadata(key)); !reason.empty()) {
      refuse_damaged(std::string("'") + key + "' of its metadata " + reason);
    }
    try {
      value = Json::parse(metadata(key)).get<Value>();
    } catch (const Json::exception&) {
      refuse_damaged(std::string("'") + key + "' of its metadata has the wrong form");
    }
  }

  void read_metadata() {
    read_value("experiment", model_.experiment);
    read_value("layout", model_.layout);
    read_value("class_names", model_.class_names);
    read_value("subsets", model_.subsets);
    read_value("warnings", model_.warnings);
    read_value("renormalise", model_.classifier.renormalise);
    for (const auto& [name, number] : kNumbers) read_value(name, model_.classifier.*number);
    if (header_.metadata.count("encoder") > 0) read_value("encoder", model_.encoder.emplace());
    if (header_.metadata.count("relation") > 0) read_relation();
    if (header_.metadata.count("adapter") > 0) read_value("adapter", model_.adapter.emplace());
  }

  void read_relation() {
    read_value("relation", model_.relation.emplace());
    model_.classifier.custom_logits = [](const Classifier& /*self*/, const torch::Tensor& /*query*/) -> torch::Tensor {
      throw std::logic_error("a model was used before its relation has restored the logits");
    };
  }

  void require_agreement() const {
    const Classifier& classifier = model_.classifier;
    const auto classes = static_cast<std::int64_t>(model_.class_names.size());
    if (classes == 0) refuse_damaged("it has no classes");
    if (!model_.subsets.empty() && model_.subsets.size() != model_.class_names.size()) {
      refuse_damaged("it names " + std::to_string(model_.subsets.size()) + " subsets for " + std::to_string(classes) +
                     " classes");
    }
    const runtime::Checker check([this](const std::string& name, const std::string& problem) {
      refuse_damaged("the " + name + " in it " + problem);
    });
    const std::int64_t width = classifier.text.defined() && classifier.text.dim() == 2 ? classifier.text.size(1) : 0;
    runtime::check_classifier(classifier, {classes, width}, torch::kFloat, check);
    if (model_.adapter) require_support({classes, width}, check);
  }

  // Requires what trefoil/support.h and trefoil/channels.h say, for texts of this shape.
  void require_support(at::IntArrayRef text_shape, const runtime::Checker& check) const {
    const Support& support = model_.support;
    const Channels& channels = model_.channels;
    const std::int64_t images = rows_of(support.labels);
    const std::int64_t width = text_shape[1];
    check.shape("support.text", support.text, text_shape);
    check.optional("support.text", support.text, text_shape, torch::kFloat);
    check.shape("support.images", support.images, {images, width});
    check.optional("support.images", support.images, {images, width}, torch::kFloat);
    check.shape("support.labels", support.labels, {images});
    check.indices("support.labels", support.labels, text_shape[0]);
    check.optional("support.views", support.views, {rows_of(support.views), images, width}, torch::kFloat);
    check.shape("channels.index", channels.index, {rows_of(channels.index)});
    check.indices("channels.index", channels.index, width);
    check.shape("channels.score", channels.score, {width});
    check.optional("channels.score", channels.score, {width}, torch::kDouble);
  }

  static std::int64_t rows_of(const torch::Tensor& tensor) {
    return tensor.defined() && tensor.dim() > 0 ? tensor.size(0) : 0;
  }

  const std::filesystem::path& file_;
  formats::SafetensorsHeader header_;
  Model model_;
};

}  // namespace

Classifier with_contiguous_tensors(Classifier classifier) {
  for (const auto& [name, field] : kTensors) {
    if ((classifier.*field).defined()) classifier.*field = (classifier.*field).contiguous();
  }
  return classifier;
}

void write_model(const std::filesystem::path& file, const Model& model) {
  std::vector<formats::TensorPlan> plans;
  for (const auto& [name, field] : tensors_of(model)) {
    if (field->defined()) plans.push_back({name, field->scalar_type(), field->sizes().vec()});
  }
  Metadata metadata = metadata_of(model);
  metadata[kSumKey] = content_sum(metadata, model);
  formats::SafetensorsWriter writer(file, plans, metadata);
  for (const auto& [name, field] : tensors_of(model)) {
    if (field->defined()) writer.append(*field);
  }
  writer.commit();
}

std::filesystem::path find_model(const std::filesystem::path& run_or_file) {
  constexpr const char* kName = "model.safetensors";
  if (!std::filesystem::exists(run_or_file)) {
    throw DataError(run_or_file.string() + ": there is no such run directory or file");
  }
  if (!std::filesystem::is_directory(run_or_file)) return run_or_file;
  if (std::filesystem::exists(run_or_file / kName)) return run_or_file / kName;
  throw DataError(run_or_file.string() + ": there is no " + kName +
                  " in it; name the directory of a run that is done, such as runs/NAME/latest");
}

Model read_model(const std::filesystem::path& file) { return Reader(file).read(); }

}  // namespace trefoil::run
