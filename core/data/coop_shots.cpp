#include "data/coop_shots.h"

#include <algorithm>
#include <array>
#include <set>
#include <string>
#include <string_view>
#include <unordered_map>

#include "base/atomic_file.h"
#include "base/data_errors.h"
#include "base/text.h"
#include "formats/pickle.h"

namespace trefoil::data {

namespace {

using formats::Pickle;
using formats::PickleId;
using formats::PickleValue;
using PickleKind = formats::PickleValue::Kind;

// Bytes. 16 images of each of ImageNet's 1000 classes need about 3 MB.
constexpr std::uintmax_t kLongestShots = 64U << 20U;

// Bytes of a path or a class name. Longer ones would make the search for the ends of paths slow.
constexpr std::size_t kLongestText = 4096;

// Datum in Dassl, which CoOp uses, and in Tip-Adapter.
bool is_datum(const std::string& name) {
  constexpr std::array<std::string_view, 2> kNames = {"dassl.data.datasets.base_dataset.Datum", "datasets.utils.Datum"};
  return std::find(kNames.begin(), kNames.end(), name) != kNames.end();
}

Pickle read_pickle(const std::filesystem::path& path) {
  if (std::filesystem::file_size(path) > kLongestShots) base::refuse(path, "it is longer than 64 MiB");
  return {base::read_text(path),
          path,
          {is_datum,
           "which is not part of CoOp's few-shot files. Nothing is imported here. Save the file again with "
           "the code of CoOp"}};
}

// Finds the images of one part of a split by the ends of paths.
class PathEnds {
 public:
  PathEnds(const std::vector<ImageEntry>& images, const std::filesystem::path& folder)
      : folder_(folder.lexically_normal().generic_string()) {
    for (const ImageEntry& image : images) {
      image_of_.emplace(std::filesystem::path(image.name).lexically_normal().generic_string(), &image);
    }
  }

  // Returns the images whose paths are the end of this one.
  std::vector<const ImageEntry*> find(const std::string& path) const {
    std::vector<const ImageEntry*> found;
    std::vector<const ImageEntry*> in_folder;
    const std::string normal = std::filesystem::path(path).lexically_normal().generic_string();
    for (std::size_t begin = 0; begin < normal.size(); begin = after_slash(normal, begin)) {
      const auto image = image_of_.find(normal.substr(begin));
      if (image == image_of_.end()) continue;
      found.push_back(image->second);
      if (ends_with_folder(normal.substr(0, begin))) in_folder.push_back(image->second);
    }
    return in_folder.empty() ? found : in_folder;
  }

 private:
  static std::size_t after_slash(const std::string& path, std::size_t begin) {
    const std::size_t slash = path.find('/', begin);
    return slash == std::string::npos ? path.size() : slash + 1;
  }

  // Whether the text before an image is "…/FOLDER/" or "FOLDER/".
  bool ends_with_folder(const std::string& before) const {
    if (folder_.empty() || folder_ == ".") return false;
    const std::string whole = "/" + before;
    const std::string end = "/" + folder_ + "/";
    return whole.size() >= end.size() && whole.compare(whole.size() - end.size(), end.size(), end) == 0;
  }

  std::string folder_;
  std::unordered_map<std::string, const ImageEntry*> image_of_;
};

class ShotsReader {
 public:
  ShotsReader(const std::filesystem::path& path, const CoopSplit& split, const std::filesystem::path& images)
      : path_(path), split_(split), images_(images), pickle_(read_pickle(path)) {}

  CoopShots read() const {
    const PickleValue* train = value_of(pickle_.root(), "train");
    if (train == nullptr) base::refuse(path_, "expected a pickle of {\"train\": [Datum, …], \"val\": [Datum, …]}");
    CoopShots shots;
    shots.train = part(*train, "train", split_.train);
    if (const PickleValue* val = value_of(pickle_.root(), "val"); val != nullptr) {
      shots.val = part(*val, "val", split_.val);
    }
    return shots;
  }

 private:
  // Returns the last value with this key, as Python does, or nullptr.
  const PickleValue* value_of(const PickleValue& dictionary, std::string_view key) const {
    if (dictionary.kind != PickleKind::dictionary) return nullptr;
    const PickleValue* found = nullptr;
    for (std::size_t i = 0; i + 1 < dictionary.items.size(); i += 2) {
      const PickleValue& its_key = pickle_.at(dictionary.items[i]);
      if (its_key.kind == PickleKind::text && its_key.text == key) found = &pickle_.at(dictionary.items[i + 1]);
    }
    return found;
  }

  std::vector<ImageEntry> part(const PickleValue& list, const std::string& name,
                               const std::vector<ImageEntry>& images) const {
    if (list.kind != PickleKind::sequence) base::refuse(path_, "\"" + name + "\" is not a list");
    const PathEnds ends(images, images_);
    std::vector<ImageEntry> chosen;
    std::set<std::string> names;
    for (const PickleId id : list.items) {
      const std::string where = "entry " + std::to_string(chosen.size() + 1) + " of \"" + name + "\"";
      chosen.push_back(image(pickle_.at(id), where, ends));
      if (!names.insert(chosen.back().name).second) {
        refuse_entry(where, "the image '" + chosen.back().name + "' is listed twice");
      }
    }
    return chosen;
  }

  [[noreturn]] void refuse_entry(const std::string& where, const std::string& problem) const {
    base::refuse(path_, where + ": " + problem);
  }

  const ImageEntry& image(const PickleValue& datum, const std::string& where, const PathEnds& ends) const {
    const bool is_object = datum.kind == PickleKind::object && datum.state != formats::kNoPickleId;
    const PickleValue* path = is_object ? attribute(datum, "_impath", PickleKind::text) : nullptr;
    const PickleValue* label = is_object ? attribute(datum, "_label", PickleKind::integer) : nullptr;
    const PickleValue* class_name = is_object ? attribute(datum, "_classname", PickleKind::text) : nullptr;
    if (path == nullptr || label == nullptr || class_name == nullptr) {
      refuse_entry(
          where,
          "expected a Datum with a text _impath, a whole number _label and a text _classname, of at most 4,096 bytes");
    }
    const ImageEntry& found = only_image(base::printable(path->text), ends.find(path->text), where);
    if (label->integer != found.label) {
      refuse_entry(where, "'" + found.name + "' has the label " + std::to_string(label->integer) +
                              ", but in the split it has the label " + std::to_string(found.label));
    }
    const std::string& expected = split_.classes.at(static_cast<std::size_t>(found.label)).full_name;
    if (class_name->text != expected) {
      refuse_entry(where, "'" + found.name + "' has the class '" + base::printable(class_name->text) +
                              "', but in the split it has the class '" + expected + "'");
    }
    return found;
  }

  const PickleValue* attribute(const PickleValue& datum, std::string_view name, PickleKind kind) const {
    const PickleValue* found = value_of(pickle_.at(datum.state), name);
    return found != nullptr && found->kind == kind && found->text.size() <= kLongestText ? found : nullptr;
  }

  const ImageEntry& only_image(const std::string& path, const std::vector<const ImageEntry*>& found,
                               const std::string& where) const {
    if (found.empty()) refuse_entry(where, "'" + path + "' is not an image of this part of the split");
    if (found.size() > 1) {
      refuse_entry(where, "'" + path + "' may be the image '" + found[0]->name + "' or '" + found[1]->name +
                              "' of the split; set data.images to the folder that the paths of the split start from");
    }
    return *found.front();
  }

  std::filesystem::path path_;
  const CoopSplit& split_;
  std::filesystem::path images_;
  Pickle pickle_;
};

}  // namespace

CoopShots read_coop_shots(const std::filesystem::path& path, const CoopSplit& split,
                          const std::filesystem::path& images) {
  return ShotsReader(path, split, images).read();
}

}  // namespace trefoil::data
