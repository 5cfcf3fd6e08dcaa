// safetensors: the length of a JSON header as 8 little-endian bytes, the header, then the bytes of all tensors.
// Format: https://github.com/huggingface/safetensors#format
#include <cstring>
#include <map>
#include <nlohmann/json.hpp>

#include "base/errors.h"
#include "base/suggestion.h"
#include "data/array_header.h"

namespace trefoil::data {

namespace {

using Json = nlohmann::json;

constexpr std::uint64_t kLongestHeader = 100'000'000;  // the format's own limit

[[noreturn]] void refuse(const std::filesystem::path& path, const std::string& what) {
  throw DataError(path.string() + ": " + what);
}

std::uint64_t header_length(const std::filesystem::path& path) {
  const std::string start = read_bytes(path, 0, sizeof(std::uint64_t));
  if (start.size() < sizeof(std::uint64_t)) refuse(path, "it is not a safetensors file");
  std::uint64_t length = 0;
  std::memcpy(&length, start.data(), sizeof(length));
  if (length > kLongestHeader || length + sizeof(length) > std::filesystem::file_size(path)) {
    refuse(path, "the header is cut short, or it is not a safetensors file");
  }
  return length;
}

torch::ScalarType scalar_type(const Json& type, const std::filesystem::path& path) {
  static const std::map<std::string, torch::ScalarType> kTypes = {{"F16", torch::kHalf},   {"F32", torch::kFloat},
                                                                  {"F64", torch::kDouble}, {"BF16", torch::kBFloat16},
                                                                  {"I32", torch::kInt},    {"I64", torch::kLong}};
  const auto found = kTypes.find(type.get<std::string>());
  if (found == kTypes.end()) refuse(path, "its type is " + type.dump() + ", known are F16 F32 F64 BF16 I32 I64");
  return found->second;
}

ArrayHeader header_of(const Json& tensor, std::uint64_t data_start, const std::filesystem::path& path) {
  ArrayHeader header;
  header.type = scalar_type(tensor.at("dtype"), path);
  header.shape = tensor.at("shape").get<std::vector<std::int64_t>>();
  const auto begin = tensor.at("data_offsets").at(0).get<std::uint64_t>();
  const auto end = tensor.at("data_offsets").at(1).get<std::uint64_t>();
  if (header.shape.empty()) refuse(path, "it holds a single number, not an array");
  const std::uint64_t present = std::filesystem::file_size(path) - data_start;
  if (begin > end || end > present || end - begin != byte_count(header, path)) {
    refuse(path, "the header promises bytes that are not there, or not as many as the shape needs");
  }
  header.offset = data_start + begin;
  return header;
}

const Json& choose(const Json& tensors, const std::string& name, const std::filesystem::path& path) {
  if (!name.empty() && tensors.contains(name)) return tensors.at(name);
  std::vector<std::string> names;
  for (const auto& item : tensors.items()) names.push_back(item.key());
  if (!name.empty())
    refuse(path, "there is no tensor '" + name + "' in it; " + base::suggestion(name, names, "it holds"));
  if (names.size() == 1) return tensors.begin().value();
  refuse(path, "it holds " + std::to_string(names.size()) + " tensors; write FILE#NAME; " +
                   base::suggestion("", names, "names"));
}

}  // namespace

ArrayHeader read_safetensors_header(const std::filesystem::path& path, const std::string& name) {
  const std::uint64_t length = header_length(path);
  try {
    Json tensors = Json::parse(read_bytes(path, sizeof(length), length));
    tensors.erase("__metadata__");
    return header_of(choose(tensors, name, path), sizeof(length) + length, path);
  } catch (const Json::exception&) {
    refuse(path, "the header cannot be understood");
  }
}

}  // namespace trefoil::data
