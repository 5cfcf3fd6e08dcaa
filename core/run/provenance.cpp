#include "run/provenance.h"

#include <torch/version.h>

#include <set>

#include "base/machine.h"
#include "base/sha256.h"
#include "run/revision.h"
#include "trefoil/version.h"

namespace trefoil::run {

namespace {

using Json = nlohmann::ordered_json;

Json hashed(const std::filesystem::path& file) {
  return {{"path", file.string()}, {"bytes", std::filesystem::file_size(file)}, {"sha256", base::sha256_of_file(file)}};
}

Json plugin_entry(const config::PluginChoice& choice) {
  Json entry = {{"kind", plugins::kind_name(choice.plugin->descriptor->kind)},
                {"name", choice.plugin->descriptor->name},
                {"version", choice.plugin->descriptor->version}};
  entry.update(hashed(choice.plugin->file));
  return entry;
}

}  // namespace

Json provenance(const config::Experiment& experiment, const std::vector<std::filesystem::path>& files,
                const std::vector<std::string>& command_line, const pipeline::Compute& compute) {
  Json data = Json::array();
  std::string hashes;
  for (const std::filesystem::path& file : std::set<std::filesystem::path>(files.begin(), files.end())) {
    data.push_back(hashed(file));
    hashes += data.back().at("sha256").get<std::string>();
  }
  return {{"trefoil", TREFOIL_VERSION},
          {"revision", kSourceRevision},
          {"libtorch", TORCH_VERSION},
          {"compiler", __VERSION__},
          {"time", base::utc_time()},
          {"command_line", command_line},
          {"working_directory", std::filesystem::current_path().string()},
          {"host", base::host_name()},
          {"device", compute.device.str()},
          {"threads", compute.threads},
          {"seed", experiment.seed},
          {"experiment", std::filesystem::absolute(experiment.file).string()},
          {"plugins",
           {plugin_entry(experiment.selector), plugin_entry(experiment.relation), plugin_entry(experiment.head)}},
          {"data", data},
          {"data_sha256", base::sha256(hashes)}};
}

}  // namespace trefoil::run
