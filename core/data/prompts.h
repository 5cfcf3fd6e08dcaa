// Prompts: the sentences whose text features represent a class.
#pragma once

#include <filesystem>
#include <string>
#include <vector>

#include "data/dataset.h"
#include "trefoil/parameters.h"

namespace trefoil::data {

struct PromptSources {
  std::vector<std::string> templates;        // with "{}" for the class name, for every class
  std::vector<std::filesystem::path> files;  // JSON, see make_prompts
};

// Returns the parameters of the section [prompts].
std::vector<Parameter> prompt_parameters();

// Returns the values of these parameters.
PromptSources prompt_sources(const Parameters& parameters);

struct Prompts {
  std::vector<std::vector<std::string>> of_class;  // [C], at least one prompt for each class
  std::vector<std::string> notes;
};

// Returns all prompts of every class: first the templates, then the sentences of the files, in their order.
//
// A file is a JSON object. A key names a class (by its full or readable name; case and punctuation are ignored) or a
// subset. The value is a sentence, an array of sentences, or an object of such values. The keys of an inner object name
// classes of the subset, or are only labels of the sentences. A sentence with "{}" is a template. Keys that name no
// class are noted.
//
// Throws DataError for a file that has another form, for a template without "{}", and for classes without a prompt, all
// of which the error names.
Prompts make_prompts(const std::vector<ClassEntry>& classes, const PromptSources& sources);

}  // namespace trefoil::data
