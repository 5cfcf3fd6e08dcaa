// JSON files from strangers: their size and nesting are bounded.
#pragma once

#include <cstdint>
#include <filesystem>
#include <nlohmann/json_fwd.hpp>
#include <string>

namespace clip {

// Reads a file that holds a JSON object. Throws std::runtime_error that names the file if it is larger than
// `largest` bytes, nested too deeply, or no JSON object.
nlohmann::json read_json_object(const std::filesystem::path& file, std::uintmax_t largest);

// Returns the text under a key of an object, or `fallback` if there is none.
std::string text_at(const nlohmann::json& parent, const char* key, const char* fallback);

// Returns the truth value under a key of an object, or `fallback` if there is none.
bool flag_at(const nlohmann::json& parent, const char* key, bool fallback);

}  // namespace clip
