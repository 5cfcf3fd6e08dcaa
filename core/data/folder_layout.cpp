// layout = "folder": one folder of images for each class, CLASS/…/image.
#include <algorithm>
#include <map>
#include <set>

#include "base/errors.h"
#include "data/image_files.h"
#include "data/layouts.h"
#include "data/text_lines.h"

namespace trefoil::data {

namespace {

const std::vector<Parameter> kFolderParameters = with_image_parameters({
    parameter::path("root", ".", "folder that the other paths are relative to"),
    parameter::text("train", "train", "folder of CLASS/…/image"),
    parameter::text("test", "test", "folder of CLASS/…/image, or of images without known classes"),
    parameter::text("classes", "",
                    "class list with one folder name per line; \"\": the folders in `train`, in natural order"),
});

std::vector<ClassEntry> find_classes(const std::filesystem::path& list, const std::filesystem::path& train) {
  std::vector<std::string> names;
  if (list.empty()) {
    for (const std::filesystem::path& folder : folders_in(train)) names.push_back(folder.filename().string());
    if (names.empty()) throw DataError(train.string() + ": there are no class folders in it");
  } else {
    std::set<std::string> seen;
    for (const TextLine& line : read_lines(list)) {
      const bool again = !seen.insert(line.text).second;
      if (line.text.empty() || again) {
        throw DataError(
            list.string() + ":" + std::to_string(line.number) +
            (again ? ": the class '" + line.text + "' is listed twice" : ": the line is empty; expected a class name"));
      }
      names.push_back(line.text);
    }
  }
  std::vector<ClassEntry> classes;
  for (const std::string& name : names) {
    std::string readable = name;
    std::replace(readable.begin(), readable.end(), '_', ' ');
    classes.push_back({name, readable, ""});
  }
  return classes;
}

// Appends all images in `folder` and in the folders inside it, with names relative to `base`.
void add_images(const std::filesystem::path& folder, const std::filesystem::path& base, std::int64_t label,
                std::vector<ImageEntry>& images) {
  for (const std::filesystem::path& file : image_files_below(folder)) {
    images.push_back({file, file.lexically_relative(base).string(), label});
  }
}

std::vector<ImageEntry> labelled_images(const std::filesystem::path& folder, const std::vector<ClassEntry>& classes) {
  std::map<std::string, std::int64_t> label_of;
  for (std::size_t i = 0; i < classes.size(); ++i) label_of[classes[i].full_name] = static_cast<std::int64_t>(i);
  std::vector<ImageEntry> images;
  for (const std::filesystem::path& inner : folders_in(folder)) {
    const auto label = label_of.find(inner.filename().string());
    if (label == label_of.end()) {
      throw DataError(inner.string() + ": there is no class '" + inner.filename().string() + "'");
    }
    add_images(inner, folder, label->second, images);
  }
  return images;
}

Dataset list_folder(const Parameters& parameters) {
  const std::filesystem::path root = parameters.text("root");
  const std::filesystem::path train = root / parameters.text("train");
  const std::filesystem::path test = root / parameters.text("test");
  const std::string& list = parameters.text("classes");
  Dataset dataset;
  dataset.test_folder = test;
  dataset.classes = find_classes(list.empty() ? std::filesystem::path() : root / list, train);
  if (!list.empty()) dataset.files.push_back(root / list);
  dataset.train = labelled_images(train, dataset.classes);
  if (folders_in(test).empty()) {
    add_images(test, test, -1, dataset.test);
  } else {
    if (!image_files(test).empty()) {
      throw DataError(test.string() + ": it has both images and class folders; keep only one of the two");
    }
    dataset.test = labelled_images(test, dataset.classes);
  }
  if (dataset.test.empty()) throw DataError(test.string() + ": there are no images in it");
  return dataset;
}

}  // namespace

const Layout kFolderLayout = {"folder", kFolderParameters, nullptr, &list_folder};

}  // namespace trefoil::data
