#include "config/search_section.h"

#include <algorithm>

#include "base/suggestion.h"
#include "base/text.h"
#include "config/flat_keys.h"
#include "config/toml.h"

namespace trefoil::config {

namespace {

// Returns the axes of the section, and moves all other keys to `rest`. [search.relation] alpha = … means the same as
// "relation.alpha" = …; --set search.relation.alpha=… gives the first form.
std::vector<Entry> axis_entries(const Table& section, Table& rest, Diagnostics& diagnostics) {
  Table axes;
  for (const Entry& entry : section.entries()) {
    const runtime::KindTraits* kind = runtime::find_kind(entry.key);
    if (kind != nullptr && kind->searched && entry.value.table() != nullptr) {
      flatten(*entry.value.table(), entry.key + ".", axes, diagnostics);
    } else if (entry.key.find('.') != std::string::npos) {
      set_flat(axes, entry, diagnostics);
    } else {
      rest.set(entry);
    }
  }
  return axes.entries();
}

// Removes from search.fixed the names that are not parameters of these plugins. A name that no installed plugin has is
// an error, because the parameter that was meant would be searched. A name of another plugin is allowed, so that
// plugins can be exchanged. Names that a sweep added for the values that it sets are allowed too.
void remove_other_names(Value* fixed, const NumericParameters& parameters, const NumericParameters& installed,
                        Diagnostics& problems) {
  Array* names = fixed == nullptr ? nullptr : std::get_if<Array>(&fixed->data);
  if (names == nullptr) return;
  const auto is_other = [&](const Value& name) {
    if (name.text() == nullptr || parameters.count(*name.text()) != 0) return false;
    if (installed.count(*name.text()) == 0 && !name.origin.is_default())
      problems.error(name.origin, "'" + *name.text() + "' in search.fixed is not a numeric parameter of any plugin",
                     base::suggestion(*name.text(), names_of(parameters), "known"));
    return true;
  };
  names->erase(std::remove_if(names->begin(), names->end(), is_other), names->end());
}

void refuse_unknown(const Entry& entry, const NumericParameters& parameters, Diagnostics& problems) {
  std::vector<std::string> known = names_of(parameters);
  for (const Parameter& parameter : search_parameters()) known.emplace_back(parameter.name);
  problems.error(
      entry.key_origin,
      "unknown key '" + entry.key +
          "' in [search]: it is neither a numeric parameter of this experiment's plugins nor a setting of the search",
      base::suggestion(entry.key, known, "known"));
}

// With a list of heads, each head is searched over the ranges that it declares.
void take_head_names(std::vector<Entry>& entries, bool are_declared, const Value& names, SearchChoice& choice,
                     Diagnostics& problems, std::vector<Setting>& settings) {
  const auto of_head = [](const Entry& entry) { return section_of(entry.key) == "head"; };
  const auto written = std::find_if(entries.begin(), entries.end(), of_head);
  if (written != entries.end() && !are_declared) {
    problems.error(written->value.origin, "'" + written->key + "' cannot have a range beside a list of heads",
                   "remove it: each head is searched over the ranges that it declares");
  }
  entries.erase(std::remove_if(entries.begin(), entries.end(), of_head), entries.end());
  const std::string quoted_key = toml_quoted(kHeadNamesKey);
  choice.ranges.push_back({quoted_key, names.origin, names});
  settings.push_back({"search." + quoted_key, names, "heads that the search compares"});
}

// Removes the axes of fixed parameters. A range in the file for a fixed parameter is an error; a range that the plugin
// declares is not.
void remove_fixed(std::vector<Entry>& entries, const std::vector<std::string>& fixed, Diagnostics& problems) {
  const auto is_fixed = [&](const Entry& entry) {
    const bool named = std::find(fixed.begin(), fixed.end(), entry.key) != fixed.end();
    if (named && !entry.value.origin.is_default()) {
      problems.error(entry.value.origin, "'" + entry.key + "' is both fixed and searched",
                     "remove it from search.fixed, from the sweep or from the ablation, or remove its range");
    }
    return named;
  };
  entries.erase(std::remove_if(entries.begin(), entries.end(), is_fixed), entries.end());
}

}  // namespace

const Value* written_range(const SearchChoice& choice, const std::string& quoted_key) {
  const auto range = std::find_if(choice.ranges.begin(), choice.ranges.end(),
                                  [&](const Entry& entry) { return entry.key == quoted_key; });
  return range == choice.ranges.end() ? nullptr : &range->value;
}

const std::vector<Parameter>& search_parameters() {
  static const std::vector<Parameter> parameters = {
      parameter::choice(
          "objective", "loo|val|test",
          "images that the search evaluates: loo: support images by leave-one-out; val: the validation split; test: "
          "the test set"),
      parameter::boolean(
          "allow_test_selection", false,
          "required for objective test; the test accuracy is then no estimate of the accuracy on other images"),
      parameter::choice(
          "metric", "brier|nll|accuracy",
          "loss that the search minimises: brier: squared error of the probabilities; nll: −log p of the right class; "
          "accuracy: error rate"),
      parameter::boolean("balance", true,
                         "loo: multiply the cache logit of the left-out image's class, which has K images, by K/(K−1)"),
      parameter::boolean("loo_selection", true, "loo: select the channels again without the left-out images"),
      parameter::choice("ties", "middle|first",
                        "choice between equal losses: middle: of the longest run of α with the lowest loss; first: in "
                        "the order of β as listed, then α ascending, then γ"),
      parameter::real("tolerance", 1, {0, 100},
                      "in standard errors: of the settings whose mean loss is at most this far above the lowest, the "
                      "search chooses the one nearest to the file's values; 0: the lowest loss; ignored with "
                      "ties = \"first\""),
      parameter::boolean("race", true,
                         "loo: drop a setting after the first fold if its loss is more than four standard errors above "
                         "the lowest; only folds of 200 images or more decide that"),
      parameter::boolean("temperature", false,
                         "divide the logits by the temperature of lowest −log p on the held-out images, from 0.5 to 2; "
                         "it changes probabilities, not the classes"),
      parameter::text_list("fixed", "",
                           "parameters that keep the file's value although their plugin declares a range, such as "
                           "\"relation.gamma\""),
  };
  return parameters;
}

SearchChoice read_search(const Value& section, const std::vector<SearchedPlugin>& plugins,
                         const std::vector<SearchedPlugin>& installed, const std::filesystem::path& folder,
                         Diagnostics& diagnostics, std::vector<Setting>& settings) {
  SearchChoice choice;
  choice.origin = section.origin;
  Table rest;
  std::vector<Entry> entries = axis_entries(*section.table(), rest, diagnostics);
  Diagnostics problems;
  const NumericParameters declared = numeric_parameters(plugins);
  remove_other_names(rest.find("fixed"), declared, numeric_parameters(installed), problems);
  choice.parameters = read_settings(rest, "search", search_parameters(), {}, folder, problems, settings);
  const auto names =
      std::find_if(entries.begin(), entries.end(), [](const Entry& entry) { return entry.key == kHeadNamesKey; });
  if (names != entries.end()) {
    choice.head_names = names->value;
    entries.erase(names);
  }
  const bool searches_declared_ranges = entries.empty();
  if (searches_declared_ranges) entries = declared_ranges(plugins);
  if (choice.head_names)
    take_head_names(entries, searches_declared_ranges, *choice.head_names, choice, problems, settings);
  if (problems.empty()) remove_fixed(entries, choice.parameters.list("fixed"), problems);
  if (problems.empty() && choice.parameters.text("objective") == "test" &&
      !choice.parameters.boolean("allow_test_selection")) {
    problems.error(
        rest.find("objective")->origin, "choosing parameters on the test labels makes the test accuracy meaningless",
        "use objective = \"loo\", or set allow_test_selection = true; every output will then have a warning");
  }
  for (const Entry& entry : entries) {
    const auto parameter = declared.find(entry.key);
    if (parameter == declared.end()) {
      refuse_unknown(entry, declared, problems);
    } else if (auto axis = read_search_axis(entry, parameter->second, problems)) {
      choice.axes.push_back(std::move(*axis));
    }
    const std::string quoted_key = toml_quoted(entry.key);
    choice.ranges.push_back({quoted_key, entry.key_origin, entry.value});
    settings.push_back({"search." + quoted_key, entry.value, "values that the search tries"});
  }
  constexpr double kMostSettings = 1e7;
  double settings_count = 1;
  for (const SearchAxis& axis : choice.axes) settings_count *= static_cast<double>(axis.exact ? 1 : axis.values.size());
  if (settings_count > kMostSettings) {
    problems.error(section.origin,
                   "the ranges give " + base::number_text(settings_count) + " settings, more than ten million",
                   "try fewer values of some parameters");
  }
  std::stable_sort(choice.axes.begin(), choice.axes.end(),
                   [](const SearchAxis& a, const SearchAxis& b) { return a.place < b.place; });
  diagnostics.append(problems);
  return choice;
}

}  // namespace trefoil::config
