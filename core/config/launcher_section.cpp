#include "config/launcher_section.h"

#include <cstdlib>

#include "config/merge.h"
#include "config/toml.h"

namespace trefoil::config {

namespace {

const std::vector<Parameter>& launcher_parameters() {
  static const std::vector<Parameter> parameters = {
      parameter::choice("kind", "local|slurm",
                        "where the jobs run: in processes on this machine, or in job arrays of a Slurm cluster"),
      parameter::text_list("options", "", "options for sbatch, such as \"--partition=gpu\" or \"--time=1:00:00\""),
      parameter::text("setup", "", "a shell command that runs at the start of each task, such as \"module load …\""),
      parameter::integer(
          "jobs_per_task", 1, {1, 1e6},
          "number of jobs in one task of an array; jobs of one task share work, and a cluster starts only "
          "few tasks per second"),
      parameter::integer("most_tasks_at_once", 0, {0, 1e6},
                         "number of tasks of an array that may run at the same time; 0: no limit"),
  };
  return parameters;
}

std::string environment(const char* name) {
  const char* value = std::getenv(name);
  return value != nullptr ? value : "";
}

}  // namespace

std::filesystem::path user_launcher_file() {
  const std::string configured = environment("XDG_CONFIG_HOME");
  if (!configured.empty()) return std::filesystem::path(configured) / "trefoil/launcher.toml";
  const std::string home = environment("HOME");
  return home.empty() ? std::filesystem::path() : std::filesystem::path(home) / ".config/trefoil/launcher.toml";
}

Parameters read_launcher(const ExperimentFile& file) {
  Diagnostics diagnostics;
  Table table;
  const std::filesystem::path user_file = user_launcher_file();
  if (!user_file.empty() && std::filesystem::exists(user_file)) table = read_toml(user_file, diagnostics);
  if (const Value* section = file.table.find("launcher")) {
    if (section->table() != nullptr) {
      merge_into(table, *section->table());
    } else {
      diagnostics.error(section->origin, std::string("'launcher' must be a section; got ") + section->type_name(),
                        "write [launcher]");
    }
  }
  std::vector<Setting> ignored;
  Parameters parameters = read_settings(table, "launcher", launcher_parameters(), {}, std::filesystem::current_path(),
                                        diagnostics, ignored);
  diagnostics.throw_if_any();
  return parameters;
}

}  // namespace trefoil::config
