#include "features/encoder_key.h"

#include <torch/version.h>

#include <nlohmann/json.hpp>

#include "base/errors.h"
#include "runtime/declared_parameters.h"
#include "runtime/instance.h"
#include "trefoil/encoder.h"

namespace trefoil::features {

namespace {

using Json = nlohmann::ordered_json;

// Version of the pixels that encoders get. Increase it when core/formats or PixelWriter give other pixels for the same
// file. The key contains the SHA-256 of the plugin's library, but not that of libtrefoil, which changes with every
// commit.
constexpr int kPixelsVersion = 2;

constexpr const char* kDecode = "decode";
constexpr const char* kFast = "fast";

// Returns the SHA-256 of a file, or the names and SHA-256 of the files in a folder (not in folders inside it).
Json content_of(const std::filesystem::path& path, base::FileSums& sums) {
  if (path.empty()) return "";
  if (!std::filesystem::exists(path)) throw DataError(path.string() + ": there is no such file");
  if (!std::filesystem::is_directory(path)) return sums.sha256(path);
  std::map<std::string, std::string> files;
  for (const auto& entry : std::filesystem::directory_iterator(path)) {
    if (entry.is_regular_file()) files.emplace(entry.path().filename().string(), sums.sha256(entry.path()));
  }
  return files;
}

Json value_of(const Parameter& declared, const Parameters& parameters, base::FileSums& sums) {
  switch (declared.type) {
    case ParameterType::path:
      return content_of(parameters.text(declared.name), sums);
    case ParameterType::path_list: {
      Json contents = Json::array();
      for (const std::string& path : parameters.list(declared.name)) contents.push_back(content_of(path, sums));
      return contents;
    }
    default:
      return std::visit([](const auto& value) { return Json(value); }, parameters.values().at(declared.name));
  }
}

// Answers of an encoder about its features.
struct FromObject {
  std::vector<std::filesystem::path> files;
  std::string variant;
};

FromObject ask(const runtime::PluginChoice& encoder, torch::Device device) {
  const auto label = runtime::description(*encoder.plugin, encoder.named_at);
  const std::unique_ptr<Plugin> plugin =
      runtime::guarded(label, "creating it", [&] { return encoder.plugin->descriptor->create(encoder.parameters); });
  const auto* object = dynamic_cast<const Encoder*>(plugin.get());
  if (object == nullptr) return {};
  return {runtime::guarded(label, "files", [&] { return object->files(); }),
          runtime::guarded(label, "variant", [&] { return object->variant(device); })};
}

}  // namespace

EncoderKey encoder_key(const runtime::PluginChoice& encoder, torch::Device device, formats::Decode decode,
                       base::FileSums& sums) {
  const PluginDescriptor& descriptor = *encoder.plugin->descriptor;
  Json parameters = Json::object();
  for (const Parameter& declared : runtime::constant_parameters(descriptor)) {
    parameters[declared.name] = value_of(declared, encoder.parameters, sums);
  }
  for (const Parameter& declared : encoder.declared.all()) {  // those that depend on others are only here
    if (!parameters.contains(declared.name)) {
      parameters[declared.name] = value_of(declared, encoder.parameters, sums);
    }
  }
  Json description = {{"encoder", descriptor.name},        {"version", descriptor.version},
                      {"library", encoder.plugin->sha256}, {"pixels", kPixelsVersion},
                      {"libtorch", TORCH_VERSION},         {"device", device.is_cuda() ? "cuda" : "cpu"},
                      {"parameters", parameters}};
  const FromObject answers = ask(encoder, device);
  for (const std::filesystem::path& file : answers.files)
    description["files"][file.filename().string()] = content_of(file, sums);
  if (!answers.variant.empty()) description["variant"] = answers.variant;
  if (decode == formats::Decode::fast) description[kDecode] = kFast;
  const std::string text = description.dump(2, ' ', false, Json::error_handler_t::replace) + "\n";
  return {base::sha256(text), text};
}

formats::Decode decode_of(const nlohmann::ordered_json& description) {
  return description.value(kDecode, "") == kFast ? formats::Decode::fast : formats::Decode::exact;
}

}  // namespace trefoil::features
