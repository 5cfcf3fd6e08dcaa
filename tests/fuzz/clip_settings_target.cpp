// The configuration files beside weights: config.json, open_clip_config.json and preprocessor_config.json. A line "---"
// separates them.
#include "encoders/clip/model_settings.h"
#include "fuzz_file.h"
#include "refusal.h"

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  static const fuzz::Folder folder;
  const std::vector<std::string_view> texts = fuzz::parts(data, size, 3);
  const std::vector<std::filesystem::path> files = {folder.write("config.json", texts[0]),
                                                    folder.write("open_clip_config.json", texts[1]),
                                                    folder.write("preprocessor_config.json", texts[2])};
  for (const std::filesystem::path& file : files) {
    fuzz::read_or_refuse(file, [&] { clip::read_model_settings({file}); });
  }
  fuzz::read_or_refuse(folder.path(),
                       [&] { clip::read_model_settings(clip::configuration_files(folder.path() / "weights.pt")); });
  return 0;
}
