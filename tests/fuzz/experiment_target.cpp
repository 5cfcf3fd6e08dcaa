// A whole experiment file: merged with base.toml if it extends that, checked with the built-in plugins, and written
// again. Of a sweep, the first jobs are checked. Scripts in it are compiled, and nothing is run.
#include "config/job.h"
#include "config/launcher_section.h"
#include "config/report_section.h"
#include "config/sweep_section.h"
#include "fuzz_file.h"
#include "refusal.h"
#include "runtime/registry.h"

using namespace trefoil;

namespace {

constexpr std::size_t kMostJobs = 3;

void read_experiment(const std::filesystem::path& path) {
  static const runtime::Registry registry({TREFOIL_FUZZ_PLUGINS});
  const config::ExperimentFile file = config::load_experiment_file(path, {});
  fuzz::read_or_refuse(path, [&] { config::read_launcher(file); });
  fuzz::read_or_refuse(path, [&] { config::read_report_choice(file); });
  fuzz::read_or_refuse(path, [&] {
    const config::Experiment experiment = config::resolve(config::with_job(file, {}), registry);
    config::to_toml(experiment, config::Origins::as_comments);
  });
  if (!config::has_sweep(file.table)) return;
  const std::vector<config::Job> jobs = config::read_jobs(file);
  for (std::size_t i = 0; i < jobs.size() && i < kMostJobs; ++i) {
    config::resolve(config::with_job(file, jobs[i]), registry);
  }
}

}  // namespace

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  static const fuzz::Folder folder;
  [[maybe_unused]] static const auto base = folder.write("base.toml", "[relation]\nplugin = \"tip\"\nbeta = 2.0\n");
  const auto file = folder.write("experiment.toml", {reinterpret_cast<const char*>(data), size});
  fuzz::read_or_refuse(folder.path(), [&] { read_experiment(file); });
  return 0;
}
