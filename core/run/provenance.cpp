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

Json hashed(const std::filesystem::path& file, base::FileSums& sums) {
  return {{"path", file.string()}, {"bytes", std::filesystem::file_size(file)}, {"sha256", sums.sha256(file)}};
}

Json plugin_entry(const config::PluginChoice& choice, base::FileSums& sums) {
  Json entry = {{"kind", plugins::kind_name(choice.plugin->descriptor->kind)},
                {"name", choice.plugin->descriptor->name},
                {"version", choice.plugin->descriptor->version}};
  entry.update(hashed(choice.plugin->file, sums));
  return entry;
}

Json plugin_list(const config::Experiment& experiment, base::FileSums& sums) {
  Json list = Json::array();
  if (experiment.encoder) list.push_back(plugin_entry(*experiment.encoder, sums));
  for (const config::PluginChoice* choice : {&experiment.selector, &experiment.relation, &experiment.head}) {
    list.push_back(plugin_entry(*choice, sums));
  }
  return list;
}

}  // namespace

Json provenance(const config::Experiment& experiment, const data::Task& task,
                const std::vector<std::string>& command_line, const pipeline::Compute& compute, base::FileSums& sums) {
  Json data = Json::array();
  std::string hashes = task.images_sha256;
  for (const std::filesystem::path& file : std::set<std::filesystem::path>(task.files.begin(), task.files.end())) {
    data.push_back(hashed(file, sums));
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
          {"plugins", plugin_list(experiment, sums)},
          {"data", data},
          {"data_sha256", base::sha256(hashes)}};
}

}  // namespace trefoil::run
