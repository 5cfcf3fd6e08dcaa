// Prompts: the sentences that stand for a class.
#pragma once

#include <filesystem>
#include <string>
#include <vector>

#include "data/dataset.h"
#include "trefoil/parameters.h"

namespace trefoil::data {

struct PromptSources {
  std::vector<std::string> templates;        // with "{}" for the class name, for every class
  std::vector<std::filesystem::path> files;  // JSON, see read below
};

// What [prompts] may hold, and the same as values.
std::vector<Parameter> prompt_parameters();
PromptSources prompt_sources(const Parameters& parameters);

struct Prompts {
  std::vector<std::vector<std::string>> of_class;  // C; never empty
  std::vector<std::string> notes;
};

// All prompts of every class: the templates, then what the files have for the class or its subset. A file is a JSON
// object; a key names a class (its full or readable name, whatever the case and punctuation) or a subset, the value is
// a sentence, an array of sentences, or an object of these again (subset → class → sentences, or a label for each
// sentence). A sentence that holds "{}" is a template. Keys that belong to no class are noted. Throws DataError for a
// file that is none of this, for a template without "{}", and, naming them all, when classes have no prompt.
Prompts make_prompts(const std::vector<ClassEntry>& classes, const PromptSources& sources);

}  // namespace trefoil::data
