#include "data/coop_split.h"

#include <algorithm>
#include <map>
#include <nlohmann/json.hpp>
#include <set>
#include <string>
#include <utility>

#include "base/atomic_file.h"
#include "base/data_errors.h"
#include "base/text.h"

namespace trefoil::data {

namespace {

using Json = nlohmann::json;

constexpr std::int64_t kMostClasses = 1'000'000;

// Parses an object. Refuses a key that is there twice, because the parser keeps only the last value.
Json parse_object(const std::filesystem::path& path) {
  const std::string text = base::read_json_text(path);
  std::set<std::string> keys;
  const auto notice_keys = [&](int depth, Json::parse_event_t event, const Json& parsed) {
    if (depth == 1 && event == Json::parse_event_t::key && !keys.insert(parsed.get<std::string>()).second) {
      base::refuse(path, "it has the key \"" + base::printable(parsed.get<std::string>()) + "\" twice");
    }
    return true;
  };
  try {
    Json json = Json::parse(text, notice_keys);
    if (!json.is_object()) base::refuse(path, "expected an object with the lists \"train\", \"val\" and \"test\"");
    return json;
  } catch (const Json::exception& error) {
    base::refuse(path, std::string("it is not JSON: ") + error.what());
  }
}

// Whether a path from outside stays in its folder.
bool is_inside(const std::filesystem::path& path) {
  const std::filesystem::path normal = path.lexically_normal();
  return normal.is_relative() && *normal.begin() != ".." && normal.has_filename() && normal != ".";
}

bool is_name(const std::string& text) { return !text.empty() && !base::has_control_character(text); }

class SplitReader {
 public:
  SplitReader(const std::filesystem::path& path, const std::filesystem::path& folder)
      : path_(path), folder_(folder), json_(parse_object(path)) {}

  CoopSplit read() {
    CoopSplit split;
    split.train = part("train");
    if (json_.contains("val")) split.val = part("val");
    split.test = part("test");
    split.classes = classes();
    return split;
  }

 private:
  struct NamedLabel {
    std::string name;
    std::string where;  // the first entry with this label
  };

  [[noreturn]] void refuse_entry(const std::string& where, const std::string& problem) const {
    base::refuse(path_, where + ": " + problem);
  }

  std::vector<ImageEntry> part(const std::string& name) {
    const auto found = json_.find(name);
    if (found == json_.end() || !found->is_array()) base::refuse(path_, "it has no list \"" + name + "\"");
    std::vector<ImageEntry> images;
    images.reserve(found->size());
    for (const Json& entry : *found) {
      images.push_back(image(entry, "entry " + std::to_string(images.size() + 1) + " of \"" + name + "\""));
    }
    return images;
  }

  ImageEntry image(const Json& entry, const std::string& where) {
    if (!entry.is_array() || entry.size() != 3 || !entry[0].is_string() || !entry[1].is_number_integer() ||
        !entry[2].is_string()) {
      refuse_entry(where, "expected [\"path\", label, \"class name\"], such as [\"cat/7.jpg\", 0, \"cat\"]");
    }
    const auto name = entry[0].get<std::string>();
    if (!is_name(name)) refuse_entry(where, "its path is empty, or has a control character");
    if (!is_inside(name)) {
      refuse_entry(where,
                   "its path '" + name + "' is not inside the folder of images; use relative paths without '..'");
    }
    const std::int64_t label = label_of(entry[1], where);
    add_class(label, entry[2].get<std::string>(), where);
    return {folder_ / name, name, label};
  }

  std::int64_t label_of(const Json& number, const std::string& where) const {
    // An unsigned number may be too large for int64.
    const bool fits = !number.is_number_unsigned() || number.get<std::uint64_t>() < std::uint64_t{kMostClasses};
    const std::int64_t label = fits ? number.get<std::int64_t>() : kMostClasses;
    if (label < 0 || label >= kMostClasses) {
      refuse_entry(where,
                   "its label is " + number.dump() + "; expected a label from 0 to " + base::grouped(kMostClasses - 1));
    }
    return label;
  }

  void add_class(std::int64_t label, const std::string& name, const std::string& where) {
    if (!is_name(name)) refuse_entry(where, "its class name is empty, or has a control character");
    const auto [known, is_new] = classes_.emplace(label, NamedLabel{name, where});
    if (is_new || known->second.name == name) return;
    refuse_entry(where, "the label " + std::to_string(label) + " has the name '" + name + "', but in " +
                            known->second.where + " it has the name '" + known->second.name + "'");
  }

  std::vector<ClassEntry> classes() const {
    if (classes_.empty()) base::refuse(path_, "it has no images");
    std::vector<ClassEntry> entries;
    std::vector<std::string> missing;
    for (const auto& [label, named] : classes_) {
      for (auto gap = static_cast<std::int64_t>(entries.size() + missing.size()); gap < label; ++gap) {
        missing.push_back(std::to_string(gap));
      }
      std::string readable = named.name;
      std::replace(readable.begin(), readable.end(), '_', ' ');
      entries.push_back({named.name, readable, ""});
    }
    if (!missing.empty()) {
      constexpr std::size_t kMostLabels = 8;
      base::refuse(path_, "the labels must be 0 to C − 1 without gaps, but no image has the " +
                              std::string(missing.size() == 1 ? "label " : "labels ") +
                              base::listed(missing, kMostLabels));
    }
    return entries;
  }

  std::filesystem::path path_;
  std::filesystem::path folder_;
  Json json_;
  std::map<std::int64_t, NamedLabel> classes_;
};

}  // namespace

CoopSplit read_coop_split(const std::filesystem::path& path, const std::filesystem::path& folder) {
  return SplitReader(path, folder).read();
}

}  // namespace trefoil::data
