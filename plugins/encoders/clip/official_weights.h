// The weight files that OpenAI released.
#pragma once

#include <string_view>

namespace clip {

// Returns OpenAI's name of the model, such as "ViT-B/32", for the SHA-256 of its file; "" for any other file. The sums
// are part of the download addresses in clip/clip.py of github.com/openai/CLIP.
std::string_view official_name(std::string_view sha256);

// Returns whether OpenAI released a file of this name, such as "ViT-B-32.pt".
bool is_official_file_name(std::string_view file_name);

}  // namespace clip
