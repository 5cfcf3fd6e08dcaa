#include "official_weights.h"

#include <algorithm>
#include <array>
#include <string>
#include <utility>

namespace clip {

namespace {

constexpr std::array<std::pair<std::string_view, std::string_view>, 9> kOfficial = {{
    {"afeb0e10f9e5a86da6080e35cf09123aca3b358a0c3e3b6c78a7b63bc04b6762", "RN50"},
    {"8fa8567bab74a42d41c5915025a8e4538c3bdbe8804a470a72f30b0d94fab599", "RN101"},
    {"7e526bd135e493cef0776de27d5f42653e6b4c8bf9e0f653bb11773263205fdd", "RN50x4"},
    {"52378b407f34354e150460fe41077663dd5b39c54cd0bfd2b27167a4a06ec9aa", "RN50x16"},
    {"be1cfb55d75a9666199fb2206c106743da0f6468c9d327f3e0d0a543a9919d9c", "RN50x64"},
    {"40d365715913c9da98579312b702a82c18be219cc2a73407c4526f58eba950af", "ViT-B/32"},
    {"5806e77cd80f8b59890b7e101eabd078d9fb84e6937f9e85e4ecb61988df416f", "ViT-B/16"},
    {"b8cca3fd41ae0c99ba7e8951adf17d267cdb84cd88be6f7c2e0eca1737a03836", "ViT-L/14"},
    {"3035c92b350959924f9f00213499208652fc7ea050643e8b385c2dac08641f02", "ViT-L/14@336px"},
}};

}  // namespace

std::string_view official_name(std::string_view sha256) {
  const auto* const found =
      std::find_if(kOfficial.begin(), kOfficial.end(), [&](const auto& entry) { return entry.first == sha256; });
  return found == kOfficial.end() ? std::string_view() : found->second;
}

bool is_official_file_name(std::string_view file_name) {
  return std::any_of(kOfficial.begin(), kOfficial.end(), [&](const auto& entry) {
    std::string name(entry.second);
    std::replace(name.begin(), name.end(), '/', '-');
    std::replace(name.begin(), name.end(), '@', '-');
    return file_name == name + ".pt";
  });
}

}  // namespace clip
