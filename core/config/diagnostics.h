// Diagnostics: collects all mistakes of an experiment file, so that one run of the program shows them all.
#pragma once

#include <string>
#include <vector>

#include "base/errors.h"
#include "config/value.h"

namespace trefoil::config {

struct Diagnostic {
  Origin origin;
  std::string message;  // what is wrong
  std::string cure;     // what to do; may be empty

  // Returns "FILE:LINE:COLUMN: error: MESSAGE", the source line with a caret under the column, and the cure.
  std::string text() const;
};

// An error with exit code 2. `what()` has the text of the first 50 diagnostics, in order, and the number of others.
struct ConfigError : Error {
  explicit ConfigError(std::vector<Diagnostic> all);
  std::vector<Diagnostic> diagnostics;
};

class Diagnostics {
 public:
  void error(const Origin& origin, std::string message, std::string cure = "");
  void append(const Diagnostics& more);
  bool empty() const { return all_.empty(); }
  void throw_if_any() const;  // throws ConfigError

 private:
  std::vector<Diagnostic> all_;
};

}  // namespace trefoil::config
