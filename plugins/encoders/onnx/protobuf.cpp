#include "protobuf.h"

#include <stdexcept>

namespace onnx_model {

void refuse_damaged() { throw std::runtime_error("it is not an ONNX model, or it is damaged: export it again"); }

Field Message::next() {
  enum Wire : std::uint64_t { varint = 0, eight_bytes = 1, counted = 2, four_bytes = 5 };
  const std::uint64_t tag = number();
  Field field{tag >> 3U, 0, {}};
  switch (tag & 7U) {
    case varint:
      field.value = number();
      break;
    case eight_bytes:
      take(8);
      break;
    case counted:
      field.bytes = take(number());
      break;
    case four_bytes:
      take(4);
      break;
    default:
      refuse_damaged();
  }
  return field;
}

std::uint64_t Message::number() {
  std::uint64_t result = 0;
  for (unsigned shift = 0; shift < 64; shift += 7) {
    const auto byte = static_cast<unsigned char>(take(1)[0]);
    result |= static_cast<std::uint64_t>(byte & 0x7FU) << shift;
    if (byte < 0x80) return result;
  }
  refuse_damaged();
}

std::string_view Message::take(std::uint64_t count) {
  if (count > rest_.size()) refuse_damaged();
  const std::string_view taken = rest_.substr(0, count);
  rest_.remove_prefix(count);
  return taken;
}

Field find(std::string_view bytes, std::uint64_t number) {
  Field found;
  for (Message message(bytes); !message.done();) {
    const Field field = message.next();
    if (field.number == number) found = field;
  }
  return found;
}

}  // namespace onnx_model
