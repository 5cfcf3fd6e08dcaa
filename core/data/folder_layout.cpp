// layout = "folder": one folder of images for each class, CLASS/…/image.
#include <algorithm>
#include <map>
#include <set>
#include <utility>

#include "base/errors.h"
#include "data/image_files.h"
#include "data/image_list.h"
#include "data/layouts.h"
#include "data/text_lines.h"

namespace trefoil::data {

namespace {

const std::vector<Parameter> kFolderParameters = with_image_parameters({
    parameter::path("root", ".", "folder that the other paths are relative to"),
    parameter::text("train", "train", "folder of CLASS/…/image"),
    parameter::text("test", "test",
                    "folder of CLASS/…/image, or of images without known classes, or a list of images relative to root "
                    "with their class numbers, such as 'images/cat/7.jpg 0'"),
    parameter::text("classes", "",
                    "class list with one folder name per line; \"\": the folders in `train`, in natural order"),
    parameter::text(
        "class_names", "",
        "list of class folders and readable names, such as 'n01440764 tench'; \"\": folders have the names"),
});

// Reads lines such as "n01440764 tench": the readable name of each class folder.
std::map<std::string, std::string> read_readable_names(const std::filesystem::path& file) {
  std::map<std::string, std::string> names;
  for (const TextLine& line : read_lines(file)) {
    const std::size_t space = line.text.find(' ');
    if (space == 0 || space == std::string::npos || space + 1 == line.text.size())
      refuse_line(file, line.number, "expected the name of a class folder, a space, and a readable name");
    if (!names.emplace(line.text.substr(0, space), line.text.substr(space + 1)).second)
      refuse_line(file, line.number, "the class folder '" + line.text.substr(0, space) + "' is listed twice");
  }
  return names;
}

// Gives every class its name in the file. Throws DataError when it lacks a class.
void set_readable_names(const std::filesystem::path& file, std::vector<ClassEntry>& classes) {
  const std::map<std::string, std::string> names = read_readable_names(file);
  for (ClassEntry& entry : classes) {
    const auto found = names.find(entry.full_name);
    if (found == names.end())
      throw DataError(file.string() + ": there is no line for the class '" + entry.full_name + "'");
    entry.name = found->second;
  }
}

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

// The images of a part, with names relative to its folder.
struct Part {
  std::vector<ImageEntry> images;
  ImageFinder finder;
};

void add_images(const std::filesystem::path& folder, const std::filesystem::path& base, std::int64_t label,
                Part& part) {
  for (const std::filesystem::path& file : part.finder.below(folder)) {
    part.images.push_back({file, file.lexically_relative(base).string(), label});
  }
}

Part labelled_images(const std::filesystem::path& folder, const std::vector<ClassEntry>& classes) {
  std::map<std::string, std::int64_t> label_of;
  for (std::size_t i = 0; i < classes.size(); ++i) label_of[classes[i].full_name] = static_cast<std::int64_t>(i);
  const std::vector<std::filesystem::path> class_folders = folders_in(folder);
  Part part{{}, ImageFinder(class_folders)};
  for (const std::filesystem::path& inner : class_folders) {
    const auto label = label_of.find(inner.filename().string());
    if (label == label_of.end()) {
      throw DataError(inner.string() + ": there is no class '" + inner.filename().string() + "'");
    }
    add_images(inner, folder, label->second, part);
  }
  return part;
}

// Returns the images of a folder with one folder for each class, or of a folder without classes.
Part test_images(const std::filesystem::path& folder, const std::vector<ClassEntry>& classes) {
  if (!folders_in(folder).empty()) {
    if (!ImageFinder().in(folder).empty()) {
      throw DataError(folder.string() + ": it has both images and class folders; keep only one of the two");
    }
    return labelled_images(folder, classes);
  }
  Part part;
  add_images(folder, folder, -1, part);
  return part;
}

Dataset list_folder(const Parameters& parameters, std::uint64_t /*seed*/) {
  const std::filesystem::path root = parameters.text("root");
  const std::filesystem::path train = root / parameters.text("train");
  const std::filesystem::path test = root / parameters.text("test");
  const std::string& list = parameters.text("classes");
  Dataset dataset;
  dataset.classes = find_classes(list.empty() ? std::filesystem::path() : root / list, train);
  if (!list.empty()) dataset.files.push_back(root / list);
  if (const std::string& names = parameters.text("class_names"); !names.empty()) {
    set_readable_names(root / names, dataset.classes);
    dataset.files.push_back(root / names);
  }
  Part learnt = labelled_images(train, dataset.classes);
  add_remark(dataset, "training images", learnt.finder);
  dataset.train = std::move(learnt.images);
  if (std::filesystem::is_regular_file(test)) {
    dataset.test_folder = root;
    dataset.test = read_image_list(test, root, dataset.classes.size());
    dataset.files.push_back(test);
    return dataset;
  }
  Part tested = test_images(test, dataset.classes);
  if (tested.images.empty()) tested.finder.refuse_as_empty(test);
  add_remark(dataset, "test images", tested.finder);
  dataset.test_folder = test;
  dataset.test = std::move(tested.images);
  return dataset;
}

}  // namespace

const Layout kFolderLayout = {"folder", kFolderParameters, nullptr, &list_folder};

}  // namespace trefoil::data
