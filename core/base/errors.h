// The errors that the runner turns into exit codes. Plugins may throw any exception: core/runtime turns it into a
// PluginError.
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

// The run cannot continue, for example because the disk is full or a folder cannot be written.
struct RunError : Error {
  explicit RunError(const std::string& message) : Error(ExitCode::failed, message) {}
};

// A plugin was refused, threw an exception, or returned something that breaks the rules of its kind.
struct PluginError : Error {
  explicit PluginError(const std::string& message) : Error(ExitCode::plugin, message) {}
};

// An input file is missing or damaged, or it contradicts another file.
struct DataError : Error {
  explicit DataError(const std::string& message) : Error(ExitCode::data, message) {}
};

// The user asked the run to stop.
struct Interrupted : Error {
  Interrupted() : Error(ExitCode::interrupted, "interrupted") {}
};

}  // namespace trefoil
