// layout = "track1": the image folders and lists of Jittor's Track 1.
#include <map>
#include <set>

#include "base/errors.h"
#include "base/text.h"
#include "data/image_files.h"
#include "data/image_list.h"
#include "data/layouts.h"
#include "data/test_labels.h"
#include "data/text_lines.h"

namespace trefoil::data {

namespace {

const std::vector<Parameter> kTrack1Parameters = with_image_parameters({
    parameter::path("root", ".", "folder that the other paths are relative to"),
    parameter::required(parameter::text("classes", "", "class list with lines such as 'Animal_Bear 0'")),
    parameter::text("train", "",
                    "training list with lines such as 'TrainSet/Animal/Bear/7.jpg 0'; \"\": scan train_folder"),
    parameter::text("train_folder", "TrainSet", "folder of SUBSET/CLASS/image, scanned when there is no training list"),
    parameter::required(parameter::text("test", "", "folder of test images, or a list as in `train`")),
    parameter::text(
        "labels", "",
        "label list for the test images with lines such as 'image_1.jpg 37'; \"\": no metrics are computed"),
    parameter::text_list("prefixes", "Animal|Caltech-101|Food-101|Thu-dog|Stanford-Cars",
                         "subsets with which class names begin; the readable name is without the subset"),
});

ClassEntry class_entry(const std::string& full_name, const std::vector<std::string>& prefixes) {
  ClassEntry entry{full_name, full_name, ""};
  for (const std::string& prefix : prefixes) {
    if (!base::starts_with(full_name, prefix + "_") || prefix.size() < entry.subset.size()) continue;
    entry.subset = prefix;
    entry.name = full_name.substr(prefix.size() + 1);
  }
  for (char& letter : entry.name) letter = letter == '_' ? ' ' : letter;
  return entry;
}

// Reads the class list. It must have every number from 0 to C − 1 once, in any order.
std::vector<ClassEntry> read_classes(const std::filesystem::path& path, const std::vector<std::string>& prefixes) {
  const std::vector<LabelledName> lines = read_labelled_names(path);
  std::vector<ClassEntry> classes(lines.size());
  std::set<std::string> seen;
  for (const LabelledName& line : lines) {
    if (line.label < 0 || line.label >= static_cast<std::int64_t>(classes.size())) {
      refuse_line(path, line.line,
                  "the class '" + line.name + "' has the number " + std::to_string(line.label) + ", but the " +
                      base::counted(classes.size(), "class") + " must have the numbers 0 to " +
                      std::to_string(classes.size() - 1));
    }
    if (!seen.insert(line.name).second) refuse_line(path, line.line, "the class '" + line.name + "' is listed twice");
    ClassEntry& entry = classes[static_cast<std::size_t>(line.label)];
    if (!entry.full_name.empty()) {
      refuse_line(path, line.line,
                  "the number " + std::to_string(line.label) + " belongs to '" + entry.full_name + "' and to '" +
                      line.name + "'");
    }
    entry = class_entry(line.name, prefixes);
  }
  return classes;
}

// Lists the images SUBSET/CLASS/image. The class SUBSET_CLASS must be in the class list.
std::vector<ImageEntry> scan_train_folder(const std::filesystem::path& folder, const std::filesystem::path& root,
                                          const std::vector<ClassEntry>& classes, ImageFinder& finder) {
  std::map<std::string, std::int64_t> label_of;
  for (std::size_t i = 0; i < classes.size(); ++i) label_of[classes[i].full_name] = static_cast<std::int64_t>(i);
  std::vector<ImageEntry> images;
  for (const std::filesystem::path& subset : folders_in(folder)) {
    for (const std::filesystem::path& inner : folders_in(subset)) {
      const auto label = label_of.find(subset.filename().string() + "_" + inner.filename().string());
      if (label == label_of.end()) {
        throw DataError(inner.string() + ": there is no class '" + subset.filename().string() + "_" +
                        inner.filename().string() + "' in the class list");
      }
      for (const std::filesystem::path& file : finder.in(inner)) {
        images.push_back(
            {file, file.lexically_normal().lexically_relative(root.lexically_normal()).string(), label->second});
      }
    }
  }
  return images;
}

void list_test_folder(const std::filesystem::path& folder, Dataset& dataset) {
  dataset.test_folder = folder;
  ImageFinder finder;
  for (const std::filesystem::path& file : finder.in(folder)) {
    dataset.test.push_back({file, file.filename().string(), -1});
  }
  if (dataset.test.empty()) finder.refuse_as_empty(folder);
  add_remark(dataset, "test images", finder);
}

Dataset list_track1(const Parameters& parameters, std::uint64_t /*seed*/) {
  const std::filesystem::path root = parameters.text("root");
  const auto path = [&](const char* key) { return root / parameters.text(key); };
  Dataset dataset;
  dataset.classes = read_classes(path("classes"), parameters.list("prefixes"));
  dataset.files.push_back(path("classes"));
  if (parameters.text("train").empty()) {
    ImageFinder finder;
    dataset.train = scan_train_folder(path("train_folder"), root, dataset.classes, finder);
    add_remark(dataset, "training images", finder);
  } else {
    dataset.train = read_image_list(path("train"), root, dataset.classes.size());
    dataset.files.push_back(path("train"));
  }
  if (std::filesystem::is_regular_file(path("test"))) {
    if (!parameters.text("labels").empty()) {
      throw Error(ExitCode::configuration,
                  "'data.test' is a list, which has the classes of its images: remove data.labels");
    }
    dataset.test_folder = root;
    dataset.test = read_image_list(path("test"), root, dataset.classes.size());
    dataset.files.push_back(path("test"));
    return dataset;
  }
  list_test_folder(path("test"), dataset);
  if (!parameters.text("labels").empty()) {
    set_test_labels(dataset.test, path("labels"), dataset.classes.size());
    dataset.files.push_back(path("labels"));
  }
  return dataset;
}

}  // namespace

const Layout kTrack1Layout = {"track1", kTrack1Parameters, nullptr, &list_track1};

}  // namespace trefoil::data
