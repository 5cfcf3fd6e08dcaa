// Exclusions: the combinations of a sweep that [[sweep.exclude]] excludes.
#pragma once

#include <set>
#include <string>
#include <vector>

#include "config/diagnostics.h"
#include "config/job.h"
#include "config/value.h"

namespace trefoil::config {

class Exclusions {
 public:
  // Adds a table of keys and values. A job is excluded if it sets all of these values. `origin` is that of the table.
  void add(Table conditions, const Origin& origin);

  // Reports keys that are not swept, and so cannot exclude anything.
  void check_keys(const std::set<std::string>& swept, Diagnostics& diagnostics) const;

  // Whether the job is excluded. Remembers which tables have excluded a job.
  bool exclude(const Job& job);

  // Reports the tables that have excluded no job in calls of `exclude`, which usually means a mistyped value. A table
  // from another file than the axes is not reported, because a file may override the axes of the file that it extends.
  void check_use(const std::vector<Origin>& axes, Diagnostics& diagnostics) const;

 private:
  struct Exclusion {
    Table conditions;
    Origin origin;
    bool used = false;
  };

  std::vector<Exclusion> all_;
};

}  // namespace trefoil::config
