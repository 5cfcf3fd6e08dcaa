// Reads protocol buffers (developers.google.com/protocol-buffers/docs/encoding), the encoding of ONNX files.
#pragma once

#include <cstdint>
#include <string_view>

namespace onnx_model {

// Throws std::runtime_error, without the file's name.
[[noreturn]] void refuse_damaged();

// One field of a message: its number, and its value as a number or as bytes.
struct Field {
  std::uint64_t number = 0;
  std::uint64_t value = 0;
  std::string_view bytes;
};

// The fields of a message, one after another. A damaged message is refused.
class Message {
 public:
  explicit Message(std::string_view bytes) : rest_(bytes) {}

  bool done() const { return rest_.empty(); }
  Field next();

 private:
  std::uint64_t number();
  std::string_view take(std::uint64_t count);

  std::string_view rest_;
};

// Returns the last field with this number; an empty field if there is none.
Field find(std::string_view bytes, std::uint64_t number);

}  // namespace onnx_model
