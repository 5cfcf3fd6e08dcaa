#include "data/prompts.h"

#include <algorithm>
#include <iterator>
#include <map>
#include <nlohmann/json.hpp>
#include <set>

#include "base/atomic_file.h"
#include "base/errors.h"
#include "base/text.h"

namespace trefoil::data {

namespace {

using Json = nlohmann::ordered_json;

constexpr const char* kPlaceholder = "{}";

// "Thu-dog_Shiba_Dog" and "thu dog shiba dog" are one key.
std::string normalised(const std::string& name) {
  std::string key;
  for (const char letter : name) {
    const bool upper = letter >= 'A' && letter <= 'Z';
    const bool kept = upper || (letter >= 'a' && letter <= 'z') || (letter >= '0' && letter <= '9') ||
                      static_cast<unsigned char>(letter) >= 0x80;
    if (kept) {
      key += upper ? static_cast<char>(letter - 'A' + 'a') : letter;
    } else if (!key.empty() && key.back() != ' ') {
      key += ' ';
    }
  }
  if (!key.empty() && key.back() == ' ') key.pop_back();
  return key;
}

std::string filled(std::string sentence, const std::string& class_name) {
  for (std::size_t place = sentence.find(kPlaceholder); place != std::string::npos;
       place = sentence.find(kPlaceholder, place + class_name.size())) {
    sentence.replace(place, 2, class_name);
  }
  return sentence;
}

class Collector {
 public:
  explicit Collector(const std::vector<ClassEntry>& classes) : classes_(classes) {
    prompts_.of_class.resize(classes.size());
    for (std::size_t i = 0; i < classes.size(); ++i) {
      for (const std::string& name : {classes[i].full_name, classes[i].name, classes[i].subset}) {
        if (name.empty()) continue;
        exact_[name].insert(i);
        normalised_[normalised(name)].insert(i);
      }
    }
  }

  void add_template(const std::string& text) {
    if (text.find(kPlaceholder) == std::string::npos) {
      throw DataError("prompts.templates: '" + text + "' has no {}, where the class name goes");
    }
    for (std::size_t i = 0; i < classes_.size(); ++i) add(i, text);
  }

  void add_file(const std::filesystem::path& path) {
    const std::string text = base::read_text(path);
    if (base::json_depth(text) > base::kDeepestJson) throw DataError(path.string() + ": it is nested too deep");
    Json json;
    try {
      json = Json::parse(text);
    } catch (const Json::exception& error) {
      throw DataError(path.string() + ": it is not JSON: " + error.what());
    }
    if (!json.is_object()) throw DataError(path.string() + ": expected an object of classes or subsets");
    unknown_.clear();
    for (const auto& [key, value] : json.items()) {
      const Members named = members_of(key);
      if (named.empty()) {
        unknown_.push_back(key);
      } else {
        add_value(path, key, value, named);
      }
    }
    if (!unknown_.empty()) note_unknown(path);
  }

  Prompts finish() {
    std::string without;
    std::size_t count = 0;
    for (std::size_t i = 0; i < classes_.size(); ++i) {
      if (!prompts_.of_class[i].empty()) continue;
      without += (count++ == 0 ? "" : ", ") + classes_[i].full_name;
    }
    if (count > 0) {
      throw DataError(std::to_string(count) + " classes have no prompt: " + without +
                      "; add them to a file of prompts.files, or a template to prompts.templates");
    }
    return std::move(prompts_);
  }

 private:
  using Members = std::set<std::size_t>;  // class numbers

  // The classes that a key names: by its very spelling, or else whatever the case and punctuation.
  Members members_of(const std::string& key) const {
    if (const auto found = exact_.find(key); found != exact_.end()) return found->second;
    const auto found = normalised_.find(normalised(key));
    return found != normalised_.end() ? found->second : Members();
  }

  void add(std::size_t class_number, const std::string& sentence) {
    prompts_.of_class[class_number].push_back(filled(sentence, classes_[class_number].name));
  }

  void add_value(const std::filesystem::path& path, const std::string& key, const Json& value, const Members& members) {
    if (value.is_string()) {
      for (const std::size_t member : members) add(member, value.get<std::string>());
    } else if (value.is_array()) {
      for (const Json& element : value) {
        if (!element.is_string()) {
          throw DataError(path.string() + ": '" + key + "' holds something that is not a sentence: " + element.dump());
        }
        add_value(path, key, element, members);
      }
    } else if (value.is_object()) {
      add_object(path, key, value, members);
    } else {
      throw DataError(path.string() + ": '" + key + "' is neither a sentence nor an array of them: " + value.dump());
    }
  }

  // Of several members, keys that name classes choose some; where no key does, and of one, they are mere labels.
  void add_object(const std::filesystem::path& path, const std::string& key, const Json& value,
                  const Members& members) {
    bool by_class = false;
    for (const auto& item : value.items()) {
      by_class = by_class || (members.size() > 1 && !members_of(item.key()).empty());
    }
    for (const auto& [inner_key, inner] : value.items()) {
      const Members named = members_of(inner_key);
      Members narrowed;
      std::set_intersection(members.begin(), members.end(), named.begin(), named.end(),
                            std::inserter(narrowed, narrowed.end()));
      std::string whole_key = key;
      whole_key.append(".").append(inner_key);
      if (!by_class) {
        add_value(path, whole_key, inner, members);
      } else if (narrowed.empty()) {
        unknown_.push_back(whole_key);
      } else {
        add_value(path, whole_key, inner, narrowed);
      }
    }
  }

  void note_unknown(const std::filesystem::path& path) {
    constexpr std::size_t kMost = 10;
    std::string list;
    for (std::size_t i = 0; i < unknown_.size() && i < kMost; ++i) {
      if (i > 0) list += ", ";
      list += unknown_[i];
    }
    if (unknown_.size() > kMost) list += ", …";
    prompts_.notes.push_back(path.string() + ": " + std::to_string(unknown_.size()) +
                             " of its keys name no class: " + list);
  }

  const std::vector<ClassEntry>& classes_;
  std::map<std::string, Members> exact_;       // of a class's names, and of a subset's
  std::map<std::string, Members> normalised_;  // the same
  std::vector<std::string> unknown_;           // keys of the file that is being read
  Prompts prompts_;
};

}  // namespace

std::vector<Parameter> prompt_parameters() {
  return {parameter::text_list("templates", "a photo of a {}.", "sentences with {} for the class name"),
          parameter::path_list("files", "JSON files of class or subset to sentences; added to the templates")};
}

PromptSources prompt_sources(const Parameters& parameters) {
  const std::vector<std::string>& files = parameters.list("files");
  return {parameters.list("templates"), {files.begin(), files.end()}};
}

Prompts make_prompts(const std::vector<ClassEntry>& classes, const PromptSources& sources) {
  Collector collector(classes);
  for (const std::string& text : sources.templates) collector.add_template(text);
  for (const std::filesystem::path& file : sources.files) collector.add_file(file);
  return collector.finish();
}

}  // namespace trefoil::data
