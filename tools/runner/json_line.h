// JSON as the runner prints it: one line. Bytes that are not UTF-8, for example in file names, are replaced.
#pragma once

#include <nlohmann/json.hpp>
#include <string>

namespace runner {

using Json = nlohmann::ordered_json;

inline std::string json_line(const Json& json) {
  return json.dump(-1, ' ', false, nlohmann::json::error_handler_t::replace);
}

}  // namespace runner
