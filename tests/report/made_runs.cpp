#include "report/made_runs.h"

#include "base/checksums.h"

namespace tests {

using trefoil::report::Run;

Run made_run(const std::map<std::string, std::string>& settings, double top1, const std::string& seed) {
  Run run;
  run.directory = "/runs/" + std::to_string(top1);
  run.status = "done";
  run.settings = settings;
  run.settings["seed"] = seed;
  run.settings["name"] = "\"made up\"";
  run.metrics = {{"test.top1", top1}, {"test.top5", top1 + 5}};
  run.page = "report.html";
  run.provenance.data_sha256 = "d4";
  return run;
}

Run failed_run(const std::map<std::string, std::string>& settings, const std::string& error) {
  Run run;
  run.directory = "/runs/failed";
  run.status = "failed";
  run.error = error;
  run.settings = settings;
  run.settings["seed"] = "1";
  return run;
}

std::filesystem::path write_run(const TemporaryFolder& folder, const std::string& name, const std::string& config,
                                const std::string& summary) {
  std::filesystem::path directory = folder / name;
  std::filesystem::create_directory(directory);
  folder.write(name + "/status.json", R"({"state": "done"})");
  folder.write(name + "/config.toml", config);
  folder.write(name + "/summary.json", summary);
  folder.write(name + "/provenance.json",
               R"({"command_line": ["runner", "a b.toml"], "working_directory": "/w", "trefoil": "0.1", "revision": "r",
                   "libtorch": "1", "host": "h", "device": "cpu", "time": "t", "data_sha256": "d4"})");
  folder.write(name + "/result.txt", "a.jpg 1\n");
  folder.write(name + "/ranks.txt", "1\n");
  trefoil::base::record_checksums(directory,
                                  {"config.toml", "summary.json", "provenance.json", "result.txt", "ranks.txt"});
  return directory;
}

}  // namespace tests
