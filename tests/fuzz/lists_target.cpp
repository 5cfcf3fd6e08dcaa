// The text files of layouts: class list, training list, test list, readable names, label list. Line "---" separates
// them. The frequencies of classes and the names of class features have one line for each class, too.
#include "adapters/parts/class_frequencies.h"
#include "data/class_names.h"
#include "data/layout.h"
#include "fuzz_file.h"
#include "refusal.h"
#include "support/layouts.h"

using namespace trefoil;

namespace {

// Makes the two folders of images once, with the classes of the corpus.
const fuzz::Folder& folder_of_images() {
  static const fuzz::Folder folder;
  [[maybe_unused]] static const auto images = {folder.write("train/cat/1.jpg", ""),
                                               folder.write("train/dog_house/1.jpg", ""),
                                               folder.write("test/1.jpg", ""), folder.write("test/2.jpg", "")};
  return folder;
}

void list(const char* layout, tests::LayoutValues values) {
  const fuzz::Folder& folder = folder_of_images();
  values["root"] = folder.path().string();
  const Parameters parameters = tests::layout_parameters(layout, values);
  fuzz::read_or_refuse(folder.path(), [&] { data::find_layout(layout)->list(parameters, 1); });
}

using Text = std::string;

}  // namespace

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  const fuzz::Folder& folder = folder_of_images();
  const std::vector<std::string_view> texts = fuzz::parts(data, size, 5);
  const std::filesystem::path classes = folder.write("classes.txt", texts[0]);
  folder.write("train.txt", texts[1]);
  folder.write("test.txt", texts[2]);
  folder.write("names.txt", texts[3]);
  folder.write("labels.txt", texts[4]);
  list("lists", {{"classes", Text("classes.txt")}, {"train", Text("train.txt")}, {"test", Text("test.txt")}});
  list("track1", {{"classes", Text("classes.txt")}, {"train", Text("train.txt")}, {"test", Text("test.txt")}});
  list("track1", {{"classes", Text("classes.txt")},
                  {"train", Text("train.txt")},
                  {"test", Text("test")},
                  {"labels", Text("labels.txt")}});
  list("folder", {{"classes", Text("classes.txt")}, {"class_names", Text("names.txt")}, {"test", Text("test.txt")}});
  fuzz::read_or_refuse(classes, [&] { data::read_class_names(classes, 2); });
  fuzz::read_or_refuse(classes, [&] { adapting::read_frequencies(classes, 2); });
  return 0;
}
