// Class features of encoders that encode only images: the names of the rows, a line "---", and the rows as .npy.
#include "encoders/image_model.h"
#include "fuzz_file.h"
#include "refusal.h"

using namespace trefoil;

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  static const fuzz::Folder folder;
  const std::vector<std::string_view> texts = fuzz::parts(data, size, 2);
  const Parameters parameters({{"text_names", folder.write("names.txt", texts[0]).string()},
                               {"text_features", folder.write("features.npy", texts[1]).string()},
                               {"text_tensor", std::string()}});
  fuzz::read_or_refuse(folder.path(), [&] { image_model::class_features(parameters, {"cat", "dog"}); });
  return 0;
}
