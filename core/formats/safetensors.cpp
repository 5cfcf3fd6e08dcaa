// Reads the header of .safetensors: the length of a JSON text as 8 little-endian bytes, then this text. The bytes of
// all tensors follow. Format: https://github.com/huggingface/safetensors#format
#include <cstring>
#include <limits>
#include <map>
#include <nlohmann/json.hpp>

#include "base/data_errors.h"
#include "base/text.h"
#include "formats/array_header.h"
#include "formats/choose_tensor.h"

namespace trefoil::formats {

namespace {

// The format allows 100 MB. Headers of large models have a few hundred KiB, and a parsed JSON text takes ten times its
// length in memory.
constexpr std::uint64_t kLongestSafetensorsHeader = 16ULL << 20U;

std::uint64_t header_length(const std::filesystem::path& path) {
  const std::string start = read_bytes(path, 0, sizeof(std::uint64_t));
  if (start.size() < sizeof(std::uint64_t)) base::refuse(path, "it is not a safetensors file");
  std::uint64_t length = 0;
  std::memcpy(&length, start.data(), sizeof(length));
  if (length > kLongestSafetensorsHeader || length + sizeof(length) > std::filesystem::file_size(path)) {
    base::refuse_damaged(path, "its header is cut short or longer than 16 MiB, or it is not a safetensors file");
  }
  return length;
}

torch::ScalarType scalar_type(const std::string& tensor, const nlohmann::json& type,
                              const std::filesystem::path& path) {
  static const std::map<std::string, torch::ScalarType> kTypes = {
      {"F16", torch::kHalf}, {"F32", torch::kFloat}, {"F64", torch::kDouble}, {"BF16", torch::kBFloat16},
      {"U8", torch::kByte},  {"I8", torch::kChar},   {"I16", torch::kShort},  {"I32", torch::kInt},
      {"I64", torch::kLong}, {"BOOL", torch::kBool}};
  const auto found = kTypes.find(type.get<std::string>());
  if (found == kTypes.end())
    base::refuse(path, "the tensor '" + tensor + "' has the type " + type.get<std::string>() +
                           ", which is not supported; convert it to float32 or float16");
  return found->second;
}

// Returns a size or an offset. JSON also has fractions and negative numbers, which are refused.
std::uint64_t whole_number(const nlohmann::json& number, const std::filesystem::path& path) {
  constexpr std::uint64_t kMost = std::numeric_limits<std::int64_t>::max();
  if (!number.is_number_unsigned() || number.get<std::uint64_t>() > kMost) {
    base::refuse_damaged(path, "its header has the impossible size or offset " + number.dump());
  }
  return number.get<std::uint64_t>();
}

// The format allows neither tensors that share bytes nor bytes of no tensor. Shared bytes would make a small file large
// in memory. Bytes of no tensor are the trace of a damaged file, whose numbers may be displaced.
void require_every_byte_once(const std::map<std::string, ArrayHeader>& tensors, std::uint64_t data_start,
                             const std::filesystem::path& path) {
  std::map<std::uint64_t, std::pair<std::uint64_t, std::string>> parts;  // begin -> (end, name)
  for (const auto& [name, header] : tensors) {
    const std::uint64_t size = byte_count(header, path);
    if (size == 0) continue;
    const auto [other, added] = parts.emplace(header.offset, std::pair(header.offset + size, name));
    if (!added) base::refuse_damaged(path, "its tensors '" + other->second.second + "' and '" + name + "' overlap");
  }
  std::uint64_t end = 0;
  std::uint64_t unused = std::filesystem::file_size(path) - data_start;
  const std::string* before = nullptr;
  for (const auto& [begin, part] : parts) {
    if (begin < end) base::refuse_damaged(path, "its tensors '" + *before + "' and '" + part.second + "' overlap");
    end = part.first;
    unused -= end - begin;
    before = &part.second;
  }
  if (unused > 0) {
    base::refuse_damaged(path, "it has " + base::counted(unused, "byte") + " that belong to no tensor");
  }
}

ArrayHeader header_of(const std::string& name, const nlohmann::json& tensor, std::uint64_t data_start,
                      const std::filesystem::path& path) {
  ArrayHeader header;
  header.type = scalar_type(name, tensor.at("dtype"), path);
  for (const nlohmann::json& size : tensor.at("shape")) {
    header.shape.push_back(static_cast<std::int64_t>(whole_number(size, path)));
  }
  const std::uint64_t begin = whole_number(tensor.at("data_offsets").at(0), path);
  const std::uint64_t end = whole_number(tensor.at("data_offsets").at(1), path);
  const std::uint64_t present = std::filesystem::file_size(path) - data_start;
  if (begin > end || end > present || end - begin != byte_count(header, path)) {
    base::refuse_damaged(path,
                         "its header gives a tensor bytes that are not in the file, or not as many as its shape needs");
  }
  header.offset = data_start + begin;
  return header;
}

}  // namespace

SafetensorsHeader read_safetensors_header(const std::filesystem::path& path) {
  const std::uint64_t length = header_length(path);
  try {
    const std::string text = read_bytes(path, sizeof(length), length);
    if (const std::string reason = base::json_refusal(text); !reason.empty())
      base::refuse_damaged(path, "its header " + reason);
    const nlohmann::json json = nlohmann::json::parse(text);
    SafetensorsHeader header;
    for (const auto& [name, entry] : json.items()) {
      if (name == "__metadata__") {
        header.metadata = entry.get<std::map<std::string, std::string>>();
      } else {
        header.tensors.emplace(name, header_of(name, entry, sizeof(length) + length, path));
      }
    }
    require_every_byte_once(header.tensors, sizeof(length) + length, path);
    return header;
  } catch (const nlohmann::json::exception&) {
    base::refuse_damaged(path, "its header cannot be parsed");
  }
}

ArrayHeader read_safetensors_header(const std::filesystem::path& path, const std::string& name) {
  const SafetensorsHeader header = read_safetensors_header(path);
  const ArrayHeader& chosen = choose_tensor(header.tensors, name, path);
  if (chosen.shape.empty()) base::refuse(path, "it has a single number, not an array");
  return chosen;
}

}  // namespace trefoil::formats
