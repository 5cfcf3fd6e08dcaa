// JSON as the runner prints it: one line, whatever bytes a file name holds.
#pragma once

#include <nlohmann/json.hpp>
#include <string>

namespace runner {

using Json = nlohmann::ordered_json;

inline std::string json_line(const Json& json) {
  return json.dump(-1, ' ', false, nlohmann::json::error_handler_t::replace);
}

}  // namespace runner
