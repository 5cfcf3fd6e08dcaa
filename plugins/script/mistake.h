// Mistakes in a script, as errors that state their place in it.
#pragma once

#include <trefoil/parameters.h>

#include <cstdint>
#include <string>

namespace script {

constexpr const char* kCode = "code";        // the parameter that holds the script
constexpr const char* kSourceName = "code";  // what LibTorch calls it in messages

// A place in the script, from 1; 0: not known.
struct Place {
  std::int64_t line = 0;
  std::int64_t column = 0;
};

inline trefoil::ParameterError mistake(const Place& place, const std::string& what, const std::string& cure) {
  return {kCode, place.line, place.column, what, cure};
}

// Returns the error for a message of TorchScript's compiler.
trefoil::ParameterError compile_mistake(const std::string& message);

// Returns the error for a message of TorchScript's interpreter, which has a list of calls, the innermost last.
trefoil::ParameterError run_mistake(const std::string& message);

}  // namespace script
