#include "bounded_json.h"

#include <fstream>
#include <iterator>
#include <nlohmann/json.hpp>
#include <string>

#include "refuse_file.h"

namespace clip {

nlohmann::json read_json_object(const std::filesystem::path& file, std::uintmax_t largest) {
  using Event = nlohmann::json::parse_event_t;
  constexpr int kDeepest = 32;
  if (std::filesystem::file_size(file) > largest) {
    refuse_file(file, "a JSON file of more than " + std::to_string(largest >> 20U) + " MiB is not read here");
  }
  std::ifstream stream(file, std::ios::binary);
  const std::string text{std::istreambuf_iterator<char>(stream), {}};
  if (text.find('\0') != std::string::npos)
    refuse_file(file, "the JSON has the character U+0000");  // the library would stop there
  const auto within_depth = [&](int depth, Event /*event*/, nlohmann::json& /*parsed*/) {
    if (depth > kDeepest) refuse_file(file, "the JSON is nested too deeply");
    return true;
  };
  nlohmann::json json = nlohmann::json::parse(text, within_depth, /*allow_exceptions=*/false);
  if (!json.is_object()) refuse_file(file, "it is not a JSON object: download it again");
  return json;
}

std::string text_at(const nlohmann::json& parent, const char* key, const char* fallback) {
  const auto found = parent.find(key);
  return found != parent.end() && found->is_string() ? found->get<std::string>() : fallback;
}

bool flag_at(const nlohmann::json& parent, const char* key, bool fallback) {
  const auto found = parent.find(key);
  return found != parent.end() && found->is_boolean() ? found->get<bool>() : fallback;
}

}  // namespace clip
