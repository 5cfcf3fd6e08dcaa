// The reader of .pt files, from the pickle on: the input is the data.pkl of an otherwise good file. In an input that
// begins with an odd byte every further byte is one of the operations below, so that long sensible programs are found
// soon.
#include <array>
#include <string>

#include "fuzz_file.h"
#include "refusal.h"
#include "support/torch_files.h"
#include "trefoil/tensor_file.h"

namespace {

namespace pickle = tests::pickle;

const std::array<std::string, 40>& operations() {
  static const std::string storage = pickle::storage("FloatStorage", "0", 6);
  static const std::array<std::string, 40> all = {"(",
                                                  "0",
                                                  "1",
                                                  "2",
                                                  "N",
                                                  "\x88",
                                                  "\x89",
                                                  "K\x03",
                                                  "M\x01\x02",
                                                  "J\xFF\xFF\xFF\xFF",
                                                  "\x8a\x01\x7F",
                                                  "G\x3F\xF0" + std::string(6, '\0'),
                                                  pickle::text("a"),
                                                  pickle::text("0"),
                                                  pickle::text("storage"),
                                                  "]",
                                                  ")",
                                                  "}",
                                                  "a",
                                                  "e",
                                                  "s",
                                                  "u",
                                                  "t",
                                                  "l",
                                                  "d",
                                                  "\x85",
                                                  "\x86",
                                                  "\x87",
                                                  "R",
                                                  "b",
                                                  "Q",
                                                  "\x81",
                                                  "q\x01",
                                                  "h\x01",
                                                  "\x94",
                                                  pickle::global("torch._utils", "_rebuild_tensor_v2"),
                                                  pickle::global("collections", "OrderedDict"),
                                                  pickle::global("torch", "FloatStorage"),
                                                  storage,
                                                  pickle::tensor(storage, 0, {2, 3}, {3, 1})};
  return all;
}

std::string program(const std::uint8_t* data, std::size_t size) {
  if (size == 0 || data[0] % 2 == 0) return {reinterpret_cast<const char*>(data), size};
  std::string text = "\x80\x02";
  for (std::size_t i = 1; i < size; ++i) text += operations()[data[i] % operations().size()];
  return text + ".";
}

}  // namespace

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  const std::string bytes =
      tests::stored_zip({{"x/data.pkl", program(data, size)}, {"x/data/0", tests::float_bytes({0, 1, 2, 3, 4, 5})}});
  const fuzz::File file(bytes);
  fuzz::read_or_refuse(file.path(), [&] { trefoil::read_torch_file(file.path()); });
  return 0;
}
