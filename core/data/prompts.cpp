#include "data/prompts.h"

#include <algorithm>
#include <iterator>
#include <map>
#include <set>

#include "base/data_errors.h"
#include "base/text.h"
#include "data/prompt_file.h"

namespace trefoil::data {

namespace {

constexpr const char* kPlaceholder = "{}";

// Returns the name in lower case, with one space for punctuation: "thu dog shiba dog" for "Thu-dog_Shiba_Dog".
std::string normalised(const std::string& name) {
  std::string key;
  for (const char letter : name) {
    const bool upper = letter >= 'A' && letter <= 'Z';
    const bool is_part = upper || (letter >= 'a' && letter <= 'z') || (letter >= '0' && letter <= '9') ||
                         static_cast<unsigned char>(letter) >= 0x80;
    if (is_part) {
      key += upper ? static_cast<char>(letter - 'A' + 'a') : letter;
    } else if (!key.empty() && key.back() != ' ') {
      key += ' ';
    }
  }
  if (!key.empty() && key.back() == ' ') key.pop_back();
  return key;
}

// Returns the sentence with the class name in place of every "{}".
std::string filled(std::string sentence, const std::string& class_name) {
  for (std::size_t position = sentence.find(kPlaceholder); position != std::string::npos;
       position = sentence.find(kPlaceholder, position + class_name.size())) {
    sentence.replace(position, 2, class_name);
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
      throw DataError("prompts.templates: '" + text + "' has no {} for the class name");
    }
    for (std::size_t i = 0; i < classes_.size(); ++i) add(i, text);
  }

  void add_file(const std::filesystem::path& path) {
    const PromptValue file = read_prompt_file(path);
    if (file.kind != PromptValue::Kind::object) base::refuse(path, "expected an object of classes or subsets");
    unknown_.clear();
    for (std::size_t i = 0; i < file.keys.size(); ++i) {
      const Members& named = members_of(file.keys[i]);
      if (named.empty()) {
        unknown_.push_back(file.keys[i]);
      } else {
        add_value(path, file.keys[i], file.children[i], named);
      }
    }
    if (!unknown_.empty()) note_unknown(path);
  }

  Prompts finish() {
    std::vector<std::string> without;
    for (std::size_t i = 0; i < classes_.size(); ++i) {
      if (prompts_.of_class[i].empty()) without.push_back(classes_[i].full_name);
    }
    if (!without.empty()) {
      throw DataError(base::counted(without.size(), "class") + (without.size() == 1 ? " has" : " have") +
                      " no prompt: " + base::listed(without, without.size()) +
                      "; add prompts to a file of prompts.files, or a template to prompts.templates");
    }
    return std::move(prompts_);
  }

 private:
  using Members = std::set<std::size_t>;  // class numbers

  // Returns the classes that a key names. A name with the exact spelling goes before names that differ in case or
  // punctuation.
  const Members& members_of(const std::string& key) const {
    static const Members kNone;
    if (const auto found = exact_.find(key); found != exact_.end()) return found->second;
    const auto found = normalised_.find(normalised(key));
    return found != normalised_.end() ? found->second : kNone;
  }

  void add(std::size_t class_number, const std::string& sentence) {
    prompts_.of_class[class_number].push_back(filled(sentence, classes_[class_number].name));
  }

  void add_value(const std::filesystem::path& path, const std::string& key, const PromptValue& value,
                 const Members& members) {
    switch (value.kind) {
      case PromptValue::Kind::sentence:
        for (const std::size_t member : members) add(member, value.text);
        break;
      case PromptValue::Kind::array:
        for (const PromptValue& element : value.children) {
          if (element.kind != PromptValue::Kind::sentence) {
            base::refuse(path, "'" + key + "' has something that is not a sentence: " + element.description());
          }
          add_value(path, key, element, members);
        }
        break;
      case PromptValue::Kind::object:
        add_object(path, key, value, members);
        break;
      case PromptValue::Kind::other:
        base::refuse(path, "'" + key + "' is neither a sentence nor an array or object of sentences: " + value.text);
    }
  }

  // If `members` are several classes (a subset) and a key names a class, the keys choose classes of the subset.
  // Otherwise the keys are only labels of the sentences.
  void add_object(const std::filesystem::path& path, const std::string& key, const PromptValue& value,
                  const Members& members) {
    const bool by_class =
        members.size() > 1 && std::any_of(value.keys.begin(), value.keys.end(),
                                          [&](const std::string& inner) { return !members_of(inner).empty(); });
    for (std::size_t i = 0; i < value.keys.size(); ++i) {
      const std::string whole_key = key + "." + value.keys[i];
      if (!by_class) {
        add_value(path, whole_key, value.children[i], members);
        continue;
      }
      const Members chosen = common(members, members_of(value.keys[i]));
      if (chosen.empty()) {
        unknown_.push_back(whole_key);
      } else {
        add_value(path, whole_key, value.children[i], chosen);
      }
    }
  }

  // Returns the classes that are in both sets. The time depends on the smaller one: a subset may have 100,000 classes,
  // and a key for each.
  static Members common(const Members& a, const Members& b) {
    const Members& smaller = a.size() < b.size() ? a : b;
    const Members& larger = a.size() < b.size() ? b : a;
    Members both;
    std::copy_if(smaller.begin(), smaller.end(), std::inserter(both, both.end()),
                 [&](std::size_t member) { return larger.count(member) > 0; });
    return both;
  }

  void note_unknown(const std::filesystem::path& path) {
    constexpr std::size_t kMost = 10;
    prompts_.notes.push_back(path.string() + ": " + base::counted(unknown_.size(), "key") +
                             (unknown_.size() == 1 ? " names" : " name") +
                             " no class: " + base::listed(unknown_, kMost));
  }

  const std::vector<ClassEntry>& classes_;
  std::map<std::string, Members> exact_;       // full name, readable name or subset -> classes
  std::map<std::string, Members> normalised_;  // normalised name or subset -> classes
  std::vector<std::string> unknown_;           // keys of the current file that name no class
  Prompts prompts_;
};

}  // namespace

std::vector<Parameter> prompt_parameters() {
  return {parameter::text_list("templates", "a photo of a {}.", "sentences with {} in place of the class name"),
          parameter::path_list("files",
                               "JSON files with sentences for classes or subsets, used in addition to the templates")};
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
