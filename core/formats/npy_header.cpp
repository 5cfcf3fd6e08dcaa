// Reads the header of .npy: magic, version, header length, a Python dictionary as text. The data follows.
// Format: https://numpy.org/doc/stable/reference/generated/numpy.lib.format.html
#include "formats/npy_header.h"

#include <array>
#include <cctype>
#include <charconv>
#include <optional>
#include <string_view>
#include <utility>

#include "base/data_errors.h"
#include "base/text.h"
#include "formats/array_header.h"

namespace trefoil::formats {

namespace {

constexpr std::string_view kMagic = "\x93NUMPY";
constexpr std::uint64_t kLongestNpyHeader = 1U << 16U;  // headers have a few numbers and words; a longer one is damaged

// Reads the dictionary from left to right. Every method skips white space, and returns false or nothing on a mismatch.
class Scanner {
 public:
  explicit Scanner(std::string_view text) : text_(text) {}

  bool accept(char wanted) {
    skip_space();
    if (text_.empty() || text_.front() != wanted) return false;
    text_.remove_prefix(1);
    return true;
  }

  bool accept_word(std::string_view wanted) {
    skip_space();
    if (!base::starts_with(text_, wanted)) return false;
    text_.remove_prefix(wanted.size());
    return true;
  }

  bool at_end() {
    skip_space();
    return text_.empty();
  }

  std::optional<std::string> quoted() {
    skip_space();
    if (text_.empty() || (text_.front() != '\'' && text_.front() != '"')) return std::nullopt;
    const std::size_t end = text_.find(text_.front(), 1);
    if (end == std::string_view::npos) return std::nullopt;
    std::string result(text_.substr(1, end - 1));
    text_.remove_prefix(end + 1);
    return result;
  }

  std::optional<std::int64_t> integer() {
    skip_space();
    if (text_.size() > 1 && text_[0] == '0' && text_[1] >= '0' && text_[1] <= '9') return std::nullopt;  // as in Python
    std::int64_t value = 0;
    const auto [end, failure] = std::from_chars(text_.data(), text_.data() + text_.size(), value);
    if (failure != std::errc()) return std::nullopt;
    text_.remove_prefix(static_cast<std::size_t>(end - text_.data()));
    accept('L');  // written by Python 2
    return value;
  }

 private:
  void skip_space() {
    while (!text_.empty() && std::isspace(static_cast<unsigned char>(text_.front())) != 0) text_.remove_prefix(1);
  }

  std::string_view text_;
};

struct Dictionary {
  std::optional<std::string> type;
  bool structured = false;  // the type is a list of fields
  std::optional<bool> fortran_order;
  std::optional<std::vector<std::int64_t>> shape;
};

std::optional<std::vector<std::int64_t>> parse_shape(Scanner& scanner) {
  if (!scanner.accept('(')) return std::nullopt;
  std::vector<std::int64_t> shape;
  while (!scanner.accept(')')) {
    const auto size = scanner.integer();
    if (!size) return std::nullopt;
    shape.push_back(*size);
    if (scanner.accept(',')) continue;
    // "(2)" is a number in Python, and "(2,)" a tuple.
    if (!scanner.accept(')') || shape.size() == 1) return std::nullopt;
    break;
  }
  return shape;
}

std::optional<bool> parse_boolean(Scanner& scanner) {
  if (scanner.accept_word("True")) return true;
  if (scanner.accept_word("False")) return false;
  return std::nullopt;
}

Dictionary structured_array() {
  Dictionary result;
  result.structured = true;
  return result;
}

// Reads "{'descr': '<f4', 'fortran_order': False, 'shape': (3, 4), }". What cannot be read has no value in the result.
Dictionary parse_dictionary(std::string_view text) {
  Scanner scanner(text);
  Dictionary result;
  if (!scanner.accept('{')) return {};
  while (!scanner.accept('}')) {
    const auto key = scanner.quoted();
    if (!key || !scanner.accept(':')) return {};
    if (*key == "descr") {
      if (scanner.accept('[')) return structured_array();
      result.type = scanner.quoted();
    } else if (*key == "fortran_order") {
      result.fortran_order = parse_boolean(scanner);
    } else if (*key == "shape") {
      result.shape = parse_shape(scanner);
    } else {
      return {};
    }
    if (scanner.accept(',')) continue;
    if (!scanner.accept('}')) return {};
    break;
  }
  if (!scanner.at_end()) return {};
  return result;
}

// Returns the number that a description such as "<f4" means, without its byte order.
std::optional<NpyNumber> number_of(std::string_view description) {
  static const std::array<std::pair<std::string_view, NpyNumber>, 12> kNumbers = {{
      {"f2", {torch::kHalf, torch::kHalf}},
      {"f4", {torch::kFloat, torch::kFloat}},
      {"f8", {torch::kDouble, torch::kDouble}},
      {"i1", {torch::kChar, torch::kChar}},
      {"i2", {torch::kShort, torch::kShort}},
      {"i4", {torch::kInt, torch::kInt}},
      {"i8", {torch::kLong, torch::kLong}},
      {"u1", {torch::kByte, torch::kByte}},
      {"u2", {torch::kShort, torch::kInt, 0xFFFF}},
      {"u4", {torch::kInt, torch::kLong, 0xFFFFFFFF}},
      {"u8", {torch::kLong, torch::kLong}},
      {"b1", {torch::kByte, torch::kByte, 0, true}},
  }};
  for (const auto& [name, number] : kNumbers) {
    if (name == description) return number;
  }
  return std::nullopt;
}

// Throws DataError with the cure for a type that is not read.
[[noreturn]] void refuse_type(const std::filesystem::path& path, const std::string& description) {
  const char kind = description.size() > 1 ? description[1] : ' ';
  if (kind == 'O') {
    base::refuse(path,
                 "it is an array of Python objects, which is not read because that would run code; save numbers, for "
                 "example numpy.save(FILE, numpy.stack(LIST))");
  }
  if (kind == 'U' || kind == 'S' || kind == 'a') {
    base::refuse(path, "it is an array of texts; save numbers, for example labels from 0 to C − 1");
  }
  base::refuse(path, "its type is '" + description +
                         "', which is not supported; save ARRAY.astype(numpy.float32), or ARRAY.astype(numpy.int64) "
                         "for labels");
}

std::uint64_t little_endian(std::string_view bytes) {
  std::uint64_t value = 0;
  for (std::size_t i = bytes.size(); i-- > 0;) value = (value << 8U) | static_cast<unsigned char>(bytes[i]);
  return value;
}

}  // namespace

NpyHeader read_npy_header(const std::filesystem::path& path) {
  const std::string start = read_bytes(path, 0, 12);
  if (start.size() < 10 || !base::starts_with(start, kMagic)) base::refuse(path, "it is not a .npy file");
  const int version = static_cast<unsigned char>(start[6]);
  if (version < 1 || version > 3)
    base::refuse(path, "its .npy version is " + std::to_string(version) + "; only versions 1 to 3 are supported");
  const std::uint64_t length_size = version == 1 ? 2 : 4;
  const std::uint64_t header_size = little_endian(std::string_view(start).substr(8, length_size));
  const std::string text = read_bytes(path, 8 + length_size, std::min(header_size, kLongestNpyHeader));
  if (text.size() != header_size) base::refuse_damaged(path, "its header is cut short");

  const Dictionary dictionary = parse_dictionary(text);
  if (dictionary.structured) {
    base::refuse(path,
                 "it is a structured array, which has several fields; save one field, for example numpy.save(FILE, "
                 "ARRAY['FIELD'])");
  }
  if (!dictionary.type || !dictionary.fortran_order || !dictionary.shape)
    base::refuse_damaged(path, "its header cannot be parsed");
  const std::string& description = *dictionary.type;  // byte order, kind and size: "<f4"
  const bool has_order = !description.empty() && std::string_view("<>|=").find(description[0]) != std::string::npos;
  const auto number = number_of(std::string_view(description).substr(has_order ? 1 : 0));
  if (!number) refuse_type(path, description);
  if (dictionary.shape->empty()) base::refuse(path, "it has a single number, not an array");

  NpyHeader header{*number, description[0] == '>', *dictionary.fortran_order, *dictionary.shape,
                   8 + length_size + header_size};
  const std::uint64_t expected = byte_count({number->stored, header.shape, header.offset}, path);
  const std::uint64_t present = std::filesystem::file_size(path) - header.offset;
  if (expected != present) {
    base::refuse_damaged(path, "its header needs " + base::counted(expected, "byte") + " of data, but the file has " +
                                   base::grouped(static_cast<std::int64_t>(present)));
  }
  return header;
}

}  // namespace trefoil::formats
