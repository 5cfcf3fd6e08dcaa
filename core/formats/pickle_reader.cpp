#include "formats/pickle_reader.h"

#include <charconv>
#include <cstring>

#include "base/data_errors.h"

namespace trefoil::formats {

void PickleReader::damaged() const { base::refuse_damaged(path_, "its pickle is damaged or cut short"); }

std::string_view PickleReader::bytes(std::uint64_t count) {
  if (count > rest_.size()) damaged();
  const std::string_view taken = rest_.substr(0, count);
  rest_.remove_prefix(count);
  return taken;
}

unsigned char PickleReader::byte() { return static_cast<unsigned char>(bytes(1).front()); }

std::uint64_t PickleReader::unsigned_number(std::size_t count) {
  const std::string_view taken = bytes(count);
  std::uint64_t value = 0;
  for (std::size_t i = 0; i < count; ++i) value |= std::uint64_t{static_cast<unsigned char>(taken[i])} << (8 * i);
  return value;
}

std::int64_t PickleReader::signed_number(std::uint64_t count) {
  if (count > 8) base::refuse(path_, "its pickle has an integer of more than 64 bits");
  const std::uint64_t value = unsigned_number(count);
  if (count == 0 || count == 8) return static_cast<std::int64_t>(value);
  const std::uint64_t sign = std::uint64_t{1} << (8 * count - 1);
  return static_cast<std::int64_t>((value ^ sign) - sign);
}

double PickleReader::big_endian_real() {
  std::uint64_t bits = 0;
  for (int i = 0; i < 8; ++i) bits = bits << 8U | byte();
  double value = 0;
  std::memcpy(&value, &bits, sizeof(value));
  return value;
}

std::string_view PickleReader::line() {
  const std::size_t end = rest_.find('\n');
  if (end == std::string_view::npos) damaged();
  return bytes(end + 1).substr(0, end);
}

std::uint64_t PickleReader::unsigned_line() {
  const std::string_view digits = line();
  std::uint64_t value = 0;
  const auto [end, failure] = std::from_chars(digits.data(), digits.data() + digits.size(), value);
  if (failure != std::errc() || end != digits.data() + digits.size()) damaged();
  return value;
}

double PickleReader::real_line() {
  const std::string_view digits = line();
  double value = 0;
  const auto [end, failure] = std::from_chars(digits.data(), digits.data() + digits.size(), value);
  if (failure != std::errc() || end != digits.data() + digits.size()) damaged();
  return value;
}

}  // namespace trefoil::formats
