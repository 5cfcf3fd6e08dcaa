// Alternatives: named changes to an experiment file, of which each job has one: [[ablation]] and [[sweep.axis.NAME]].
#pragma once

#include <memory>
#include <string>
#include <vector>

#include "config/diagnostics.h"
#include "config/job.h"
#include "config/value.h"

namespace trefoil::config {

struct Alternative {
  std::string name;
  std::vector<JobSetting> settings;   // of `set`
  std::shared_ptr<const Table> file;  // the experiment in `file`; null without the key
  bool optional = false;              // whether its jobs are left out while their data.root does not exist
};

// [[sweep.axis.NAME]]: alternatives that results show by their names.
struct NamedAxis {
  std::string name;
  std::vector<Alternative> alternatives;
  Origin origin;
};

// Returns the tables of an [[array of tables]] with the dotted name `section`. Reports anything else.
std::vector<const Value*> table_list(const Value& value, const std::string& section, Diagnostics& diagnostics);

// Reads [[ablation]]: `name` and `set`. The name "base" is reserved.
std::vector<Alternative> read_ablations(const Value& section, Diagnostics& diagnostics);

// Reads [[sweep.axis.NAME]]: `name`, and optionally `file`, `set` and `optional`. `section` is "sweep.axis.NAME".
std::vector<Alternative> read_named_axis(const Value& value, const std::string& section, Diagnostics& diagnostics);

}  // namespace trefoil::config
