#include "config/launcher_section.h"

#include <cstdlib>

#include "config/merge.h"
#include "config/toml.h"

namespace trefoil::config {

namespace {

const std::vector<Parameter>& launcher_parameters() {
  static const std::vector<Parameter> parameters = {
      parameter::choice("kind", "local|slurm", "processes of this machine, or job arrays of a cluster"),
      parameter::text_list("options", "", "of sbatch, such as \"--partition=gpu\" or \"--time=1:00:00\""),
      parameter::text("setup", "", "a shell line that each task begins with, such as \"module load …\""),
      parameter::integer("jobs_per_task", 1, {1, 1e6},
                         "jobs that one task of an array runs; several share work, and a cluster starts few tasks a "
                         "second"),
      parameter::integer("most_tasks_at_once", 0, {0, 1e6}, "tasks of an array that run at once; 0: no bound"),
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
      diagnostics.error(section->origin, std::string("'launcher' is a section, not ") + section->type_name(),
                        "write [launcher]");
    }
  }
  std::vector<Setting> ignored;
  const Parameters parameters = read_settings(table, "launcher", launcher_parameters(), {},
                                              std::filesystem::current_path(), diagnostics, ignored);
  diagnostics.throw_if_any();
  return parameters;
}

}  // namespace trefoil::config
