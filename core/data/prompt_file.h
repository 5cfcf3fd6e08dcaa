// PromptFile: the JSON object in a file of prompts, with its keys in the order of the file.
#pragma once

#include <filesystem>
#include <string>
#include <vector>

namespace trefoil::data {

struct PromptValue {
  enum class Kind { sentence, array, object, other };

  Kind kind = Kind::other;
  std::string text;               // the sentence; the JSON text of a number, a boolean or null
  std::vector<std::string> keys;  // of an object; one for each child
  std::vector<PromptValue> children;

  // Returns the kind of the value for messages: "an array", "7.5".
  std::string description() const;
};

// Reads the file in linear time. nlohmann::ordered_json is not used, because it takes quadratic time for an object with
// many keys, and a file may have a key for each of 100,000 classes. A repeated key keeps its first position and its
// last value. Throws DataError when the file cannot be read or is not JSON.
PromptValue read_prompt_file(const std::filesystem::path& path);

}  // namespace trefoil::data
