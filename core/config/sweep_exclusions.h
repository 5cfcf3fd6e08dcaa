// Exclusions: the combinations of a sweep that [[sweep.exclude]] leaves out.
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
  // A table of keys and values, all of which a job that is left out sets. `origin` is the table's.
  void add(Table conditions, const Origin& origin);

  // Says which keys are not swept, and so could not exclude anything.
  void check_keys(const std::set<std::string>& swept, Diagnostics& diagnostics) const;

  // Whether the job is left out.
  bool exclude(const Job& job);

  // Says which tables have left nothing out, of all jobs that were asked for: a mistyped value. Those written in
  // another place than the axes are passed over, for the axes may have been narrowed there.
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
