#include "safetensors_types.h"

#include <algorithm>
#include <array>
#include <cstdint>
#include <fstream>
#include <nlohmann/json.hpp>
#include <stdexcept>
#include <string>
#include <string_view>

namespace clip {

namespace {

// Types of the format that weights of CLIP do not have: github.com/huggingface/safetensors, enum Dtype.
constexpr std::array<std::string_view, 8> kUnsupported = {"F8_E4M3", "F8_E5M2", "F8_E8M0", "BOOL",
                                                          "I8",      "I16",     "U16",     "U32"};

// Returns the JSON text at the beginning of the file; "" if the file is damaged.
std::string header_of(const std::filesystem::path& path) {
  constexpr std::uint64_t kLongest = 16U << 20U;
  std::ifstream stream(path, std::ios::binary);
  std::uint64_t length = 0;
  for (unsigned shift = 0; shift < 64; shift += 8) {
    length |= static_cast<std::uint64_t>(static_cast<unsigned char>(stream.get())) << shift;
  }
  if (!stream || length > kLongest) return "";
  std::string text(length, '\0');
  stream.read(text.data(), static_cast<std::streamsize>(length));
  return stream ? text : "";
}

// Finds the first unsupported type while the text is read, so that no nesting takes memory.
class TypeFinder final : public nlohmann::json_sax<nlohmann::json> {
 public:
  const std::string& tensor() const { return tensor_; }
  const std::string& type() const { return type_; }

  bool start_object(std::size_t /*elements*/) override {
    ++depth_;
    return true;
  }
  bool end_object() override {
    --depth_;
    return true;
  }
  bool key(string_t& name) override {
    if (depth_ == 1) tensor_ = name;
    is_type_ = depth_ == 2 && name == "dtype";
    return true;
  }
  bool string(string_t& value) override {
    if (!is_type_ || std::find(kUnsupported.begin(), kUnsupported.end(), value) == kUnsupported.end()) return true;
    type_ = value;
    return false;
  }
  bool null() override { return true; }
  bool boolean(bool /*value*/) override { return true; }
  bool number_integer(number_integer_t /*value*/) override { return true; }
  bool number_unsigned(number_unsigned_t /*value*/) override { return true; }
  bool number_float(number_float_t /*value*/, const string_t& /*text*/) override { return true; }
  bool binary(binary_t& /*value*/) override { return true; }
  bool start_array(std::size_t /*elements*/) override { return true; }
  bool end_array() override { return true; }
  bool parse_error(std::size_t /*position*/, const std::string& /*token*/,
                   const nlohmann::detail::exception& /*error*/) override {
    return false;
  }

 private:
  int depth_ = 0;
  bool is_type_ = false;
  std::string tensor_;
  std::string type_;
};

}  // namespace

void refuse_unsupported_types(const std::filesystem::path& path) {
  TypeFinder finder;
  nlohmann::json::sax_parse(header_of(path), &finder);
  if (finder.type().empty()) return;
  throw std::runtime_error(path.string() + ": the tensor '" + finder.tensor() + "' is of type " + finder.type() +
                           ", which is not supported: convert the weights to float16 or float32, or leave this tensor "
                           "out if it is not a weight");
}

}  // namespace clip
