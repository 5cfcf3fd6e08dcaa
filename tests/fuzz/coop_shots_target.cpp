// CoOp's few-shot images, in a pickle of plain objects. In an input that begins with an odd byte every further byte is
// one of the pieces below, so that long sensible programs are found soon.
#include <array>

#include "data/coop_shots.h"
#include "fuzz_file.h"
#include "refusal.h"
#include "support/torch_files.h"

using namespace trefoil;

namespace {

namespace pickle = tests::pickle;

// An object with these attributes, as Python's protocol 2 writes it.
std::string datum(const std::string& path, int label, const std::string& name) {
  const std::string state = pickle::dictionary(
      {{"_impath", pickle::text(path)}, {"_label", pickle::integer(label)}, {"_classname", pickle::text(name)}});
  return pickle::global("dassl.data.datasets.base_dataset", "Datum") + ")\x81" + state + "b";
}

const std::array<std::string, 28>& pieces() {
  static const std::array<std::string, 28> all = {"(",
                                                  "0",
                                                  "1",
                                                  "2",
                                                  "N",
                                                  "K\x01",
                                                  "]",
                                                  ")",
                                                  "}",
                                                  "a",
                                                  "e",
                                                  "s",
                                                  "u",
                                                  "t",
                                                  "l",
                                                  "\x85",
                                                  "R",
                                                  "b",
                                                  "\x81",
                                                  "q\x01",
                                                  "h\x01",
                                                  "\x94",
                                                  pickle::text("train"),
                                                  pickle::text("val"),
                                                  pickle::global("datasets.utils", "Datum"),
                                                  datum("/data/images/cat/1.jpg", 0, "cat"),
                                                  datum("dog/1.jpg", 1, "dog"),
                                                  datum("images/cat/2.jpg", 0, "cat")};
  return all;
}

std::string program(const std::uint8_t* data, std::size_t size) {
  if (size == 0 || data[0] % 2 == 0) return {reinterpret_cast<const char*>(data), size};
  std::string text = "\x80\x02";
  for (std::size_t i = 1; i < size; ++i) text += pieces()[data[i] % pieces().size()];
  return text + ".";
}

}  // namespace

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  static const data::CoopSplit split = {{{"cat", "cat", ""}, {"dog", "dog", ""}},
                                        {{"images/cat/1.jpg", "cat/1.jpg", 0}, {"images/dog/1.jpg", "dog/1.jpg", 1}},
                                        {{"images/cat/2.jpg", "cat/2.jpg", 0}},
                                        {}};
  const fuzz::File file(program(data, size));
  fuzz::read_or_refuse(file.path(), [&] { data::read_coop_shots(file.path(), split, "images"); });
  return 0;
}
