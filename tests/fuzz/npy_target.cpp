// The reader of .npy, and the checks of arrays that are features or labels.
#include "data/checked.h"
#include "formats/npy_array.h"
#include "fuzz_file.h"
#include "refusal.h"

using namespace trefoil;

namespace {

constexpr std::int64_t kClasses = 3;

void read_features(const formats::Array& array, const std::filesystem::path& file) {
  data::require_features(array, -1, file);
  data::checked_features(array.read_all(), data::ZeroRows::refuse, 0, file);
}

void read_labels(const formats::Array& array, const std::filesystem::path& file) {
  data::require_labels(array, array.rows(), kClasses, file);
  data::checked_labels(array.read_all(), kClasses, 0, file);
}

}  // namespace

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  const fuzz::File file(data, size);
  fuzz::read_or_refuse(file.path(), [&] {
    const auto array = formats::open_npy(file.path());
    fuzz::read_or_refuse(file.path(), [&] { array->read(array->rows() / 2, array->rows() - array->rows() / 2); });
    fuzz::read_or_refuse(file.path(), [&] { read_features(*array, file.path()); });
    fuzz::read_or_refuse(file.path(), [&] { read_labels(*array, file.path()); });
  });
  return 0;
}
