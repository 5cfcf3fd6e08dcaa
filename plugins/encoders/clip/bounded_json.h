// JSON files from strangers: their size and nesting are bounded.
#pragma once

#include <cstdint>
#include <filesystem>
#include <nlohmann/json_fwd.hpp>

namespace clip {

// Reads a file that holds a JSON object. Throws std::runtime_error that names the file if it is larger than
// `largest` bytes, nested too deeply, or no JSON object.
nlohmann::json read_json_object(const std::filesystem::path& file, std::uintmax_t largest);

}  // namespace clip
