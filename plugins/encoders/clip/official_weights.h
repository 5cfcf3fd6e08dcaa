// The weights that OpenAI released.
#pragma once

#include <string_view>

namespace clip {

// "ViT-B/32" for the SHA-256 of the file that OpenAI calls so, "" for any other. The sums stand in the addresses of the
// files, in clip/clip.py of github.com/openai/CLIP.
std::string_view official_name(std::string_view sha256);

}  // namespace clip
