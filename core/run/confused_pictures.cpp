#include "run/confused_pictures.h"

#include <filesystem>

#include "base/base64.h"
#include "formats/image_decode.h"
#include "formats/image_encode.h"
#include "formats/view.h"

namespace trefoil::run {

namespace {

constexpr std::int64_t kSide = 112;  // pixels; shown at 72, sharp on high-resolution screens
constexpr std::size_t kTraining = 2;

void add_picture(const std::filesystem::path& file, std::vector<std::string>& pictures) {
  try {
    const formats::Image image = formats::decode(formats::read_image_file(file));
    pictures.push_back("data:image/jpeg;base64," +
                       base::base64(formats::encode_jpeg(formats::clip_crop(image, kSide))));
  } catch (const formats::BadImage&) {
    return;  // it was skipped when the images were encoded, or was removed since
  }
}

}  // namespace

std::vector<ConfusedPictures> confused_pictures(const std::vector<pipeline::Confusion>& pairs, const data::Task& task) {
  std::vector<ConfusedPictures> all;
  for (const pipeline::Confusion& pair : pairs) {
    ConfusedPictures pictures{&pair, {}, {}};
    for (const std::int64_t query : pair.examples) {
      const std::filesystem::path file = task.query->image(query);
      if (!file.empty()) add_picture(file, pictures.queries);
    }
    if (pictures.queries.empty()) continue;
    for (const data::ImageEntry& image : task.support_images) {
      if (image.label == pair.predicted && pictures.training.size() < kTraining)
        add_picture(image.file, pictures.training);
    }
    all.push_back(std::move(pictures));
  }
  return all;
}

}  // namespace trefoil::run
