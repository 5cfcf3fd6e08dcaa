#include "run/provenance.h"

#include <torch/version.h>

#include <set>

#include "base/atomic_file.h"
#include "base/errors.h"
#include "base/machine.h"
#include "base/sha256.h"
#include "base/text.h"
#include "features/encoder_key.h"
#include "run/revision.h"
#include "runtime/blas.h"
#include "trefoil/version.h"

namespace trefoil::run {

namespace {

using Json = nlohmann::ordered_json;

Json plugin_entry(const runtime::PluginChoice& choice) {
  const PluginDescriptor& descriptor = *choice.plugin->descriptor;
  return {{"kind", runtime::kind_name(descriptor.kind)},
          {"name", descriptor.name},
          {"version", descriptor.version},
          {"path", choice.plugin->file.string()},
          {"sha256", choice.plugin->sha256}};
}

Json plugin_list(const config::Experiment& experiment) {
  Json list = Json::array();
  for (const auto& [kind, choices] : experiment.plugins) {
    for (const runtime::PluginChoice& choice : choices) list.push_back(plugin_entry(choice));
  }
  return list;
}

std::string changed_plugin(const Json& recorded, const config::Experiment& experiment) {
  const Json now = plugin_list(experiment);
  for (std::size_t i = 0; i < now.size(); ++i) {
    if (now[i].at("sha256") != recorded.at(i).at("sha256")) return now[i].at("path");
  }
  return "";
}

std::string changed_file(const Json& recorded, base::FileSums& sums) {
  for (const Json& file : recorded) {
    const std::filesystem::path path = file.at("path").get<std::string>();
    if (std::filesystem::exists(path) && sums.sha256(path) != file.at("sha256")) return path.string();
  }
  return "";
}

// The description of the key has the content of the files that the parameters name.
std::string changed_encoder(const Json& recorded, const runtime::PluginChoice& encoder, base::FileSums& sums) {
  Json now;
  try {
    now = Json::parse(features::encoder_key(encoder, torch::kCPU, features::decode_of(recorded), sums).description);
  } catch (const DataError&) {
    return "";  // a file is missing now
  }
  if (recorded.value("files", Json::object()) != now.value("files", Json::object())) {
    return "a configuration file of the encoder";
  }
  for (const auto& parameter : now.at("parameters").items()) {
    if (recorded.at("parameters").at(parameter.key()) != parameter.value()) return "encoder." + parameter.key();
  }
  return "";
}

}  // namespace

std::string changed_input(const std::filesystem::path& file, const config::Experiment& experiment,
                          base::FileSums& sums) {
  if (!std::filesystem::exists(file)) return "";
  try {
    const std::string text = base::read_text(file);
    if (!base::ordered_json_refusal(text).empty()) return file.string();
    const Json recorded = Json::parse(text);
    std::string changed = changed_plugin(recorded.at("plugins"), experiment);
    if (changed.empty()) changed = changed_file(recorded.at("data"), sums);
    const runtime::PluginChoice* encoder = experiment.plugin(PluginKind::encoder);
    if (changed.empty() && encoder != nullptr) changed = changed_encoder(recorded.at("encoder"), *encoder, sums);
    return changed;
  } catch (const nlohmann::json::exception&) {
    return file.string();  // it has another form
  }
}

Json provenance(const config::Experiment& experiment, const data::Task& task,
                const std::vector<std::string>& command_line, const runtime::Compute& compute, base::FileSums& sums) {
  Json data = Json::array();
  std::string hashes = task.images_sha256;
  for (const std::filesystem::path& file : std::set<std::filesystem::path>(task.files.begin(), task.files.end())) {
    data.push_back(
        {{"path", file.string()}, {"bytes", std::filesystem::file_size(file)}, {"sha256", sums.sha256(file)}});
    hashes += data.back().at("sha256").get<std::string>();
  }
  return {{"trefoil", TREFOIL_VERSION},
          {"revision", kSourceRevision},
          {"libtorch", TORCH_VERSION},
          {"blas", runtime::blas_name()},
          {"compiler", __VERSION__},
          {"time", base::utc_time()},
          {"command_line", command_line},
          {"working_directory", std::filesystem::current_path().string()},
          {"host", base::host_name()},
          {"device", compute.device.str()},
          {"threads", compute.threads},
          {"seed", experiment.seed},
          {"experiment", std::filesystem::absolute(experiment.file).string()},
          {"plugins", plugin_list(experiment)},
          {"data", data},
          {"data_sha256", base::sha256(hashes)}};
}

}  // namespace trefoil::run
