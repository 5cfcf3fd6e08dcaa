// layout = "lists": a folder of images, a list of classes, and lists of images with their classes, such as
// FGVC-Aircraft has them (Maji et al., 2013).
#include <algorithm>
#include <map>
#include <utility>

#include "base/errors.h"
#include "data/layouts.h"
#include "data/text_lines.h"
#include "data/validation_shots.h"

namespace trefoil::data {

namespace {

const std::vector<Parameter> kListsParameters = with_image_parameters({
    parameter::path("root", ".", "folder that the other paths are relative to"),
    parameter::text("images", "", "folder that the names in the lists start from"),
    parameter::text("extension", "", "what is added to each name, such as .jpg"),
    parameter::required(parameter::text("classes", "", "list of the class names, one per line")),
    parameter::required(
        parameter::text("train", "", "list of training images, such as '0034309 707-320' or 'cat/7.jpg 0'")),
    parameter::text("val", "", "list of validation images, for val_shots"),
    parameter::required(parameter::text("test", "", "list of test images")),
    kValShots,
});

class ListsReader {
 public:
  explicit ListsReader(const Parameters& parameters) : parameters_(parameters), root_(parameters.text("root")) {}

  Dataset read(std::uint64_t seed) {
    dataset_.test_folder = root_ / parameters_.text("images");
    read_classes();
    dataset_.train = images_of("train");
    dataset_.test = images_of("test");
    if (parameters_.integer("val_shots") > 0) {
      if (parameters_.text("val").empty())
        throw Error(ExitCode::configuration, "'data.val_shots' needs a list of validation images: set data.val");
      dataset_.validation = validation_shots(images_of("val"), parameters_, seed);
    }
    return std::move(dataset_);
  }

 private:
  std::filesystem::path list(const char* key) {
    dataset_.files.push_back(root_ / parameters_.text(key));
    return dataset_.files.back();
  }

  void read_classes() {
    const std::filesystem::path file = list("classes");
    for (const TextLine& line : read_lines(file)) {
      if (line.text.empty()) refuse_line(file, line.number, "the line is empty; expected a class name");
      const auto label = static_cast<std::int64_t>(dataset_.classes.size());
      if (!labels_.emplace(line.text, label).second)
        refuse_line(file, line.number, "the class '" + line.text + "' is listed twice");
      std::string readable = line.text;
      std::replace(readable.begin(), readable.end(), '_', ' ');
      dataset_.classes.push_back({line.text, readable, ""});
    }
    if (dataset_.classes.empty()) throw DataError(file.string() + ": it has no classes");
  }

  // A line has a name without spaces, a space, and the name or the number of a class.
  std::vector<ImageEntry> images_of(const char* key) {
    const std::filesystem::path file = list(key);
    std::vector<ImageEntry> images;
    for (const TextLine& line : read_lines(file)) {
      const std::size_t space = line.text.find(' ');
      if (space == 0 || space == std::string::npos || space + 1 == line.text.size())
        refuse_line(file, line.number, "expected the name of an image, a space, and its class");
      const std::string name = line.text.substr(0, space) + parameters_.text("extension");
      images.push_back({dataset_.test_folder / name, name, label_of(line.text.substr(space + 1), file, line.number)});
    }
    if (images.empty()) throw DataError(file.string() + ": it has no images");
    return images;
  }

  std::int64_t label_of(const std::string& text, const std::filesystem::path& file, std::size_t line) const {
    const auto named = labels_.find(text);
    if (named != labels_.end()) return named->second;
    const bool is_number = text.find_first_not_of("0123456789") == std::string::npos && text.size() < 10;
    const std::int64_t number = is_number ? std::stoll(text) : -1;
    if (number < 0 || number >= static_cast<std::int64_t>(dataset_.classes.size())) {
      refuse_line(file, line,
                  "there is no class '" + text + "'; expected a name of " + parameters_.text("classes") +
                      " or a number from 0 to " + std::to_string(dataset_.classes.size() - 1));
    }
    return number;
  }

  const Parameters& parameters_;
  std::filesystem::path root_;
  std::map<std::string, std::int64_t> labels_;
  Dataset dataset_;
};

}  // namespace

const Layout kListsLayout = {"lists", kListsParameters, nullptr, [](const Parameters& parameters, std::uint64_t seed) {
                               return ListsReader(parameters).read(seed);
                             }};

}  // namespace trefoil::data
