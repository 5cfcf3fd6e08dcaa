// The errors that the runner turns into exit codes. Plugins throw what they like; the plugin host translates.
#pragma once

#include <stdexcept>
#include <string>

namespace trefoil {

enum class ExitCode : int { done = 0, failed = 1, configuration = 2, plugin = 3, data = 4, interrupted = 130 };

class Error : public std::runtime_error {
 public:
  Error(ExitCode code, const std::string& message) : std::runtime_error(message), code_(code) {}
  ExitCode code() const { return code_; }

 private:
  ExitCode code_;
};

// The run itself could not go on: a full disk, a folder that cannot be written.
struct RunError : Error {
  explicit RunError(const std::string& message) : Error(ExitCode::failed, message) {}
};

// A plugin was refused, threw, or returned something it must not.
struct PluginError : Error {
  explicit PluginError(const std::string& message) : Error(ExitCode::plugin, message) {}
};

// An input file is missing, damaged, or disagrees with another.
struct DataError : Error {
  explicit DataError(const std::string& message) : Error(ExitCode::data, message) {}
};

// The user asked the run to stop.
struct Interrupted : Error {
  Interrupted() : Error(ExitCode::interrupted, "interrupted") {}
};

}  // namespace trefoil
