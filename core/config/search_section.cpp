#include "config/search_section.h"

#include <algorithm>

#include "base/suggestion.h"
#include "config/toml.h"

namespace trefoil::config {

namespace {

Value of_text(std::string text) { return {std::move(text), {}}; }

// [search.relation] alpha = … is the same as "relation.alpha" = …; --set search.relation.alpha=… writes it that way.
std::vector<Entry> axis_entries(const Table& section, Table& rest) {
  std::vector<Entry> axes;
  const auto add = [&](Entry entry) {
    const auto same = std::find_if(axes.begin(), axes.end(), [&](const Entry& axis) { return axis.key == entry.key; });
    if (same == axes.end()) {
      axes.push_back(std::move(entry));
    } else {
      *same = std::move(entry);
    }
  };
  for (const Entry& entry : section.entries()) {
    const runtime::KindTraits* kind = runtime::find_kind(entry.key);
    if (kind != nullptr && kind->searched && entry.value.table() != nullptr) {
      for (Entry inner : entry.value.table()->entries()) {
        inner.key = entry.key + "." + inner.key;
        add(std::move(inner));
      }
    } else if (entry.key.find('.') != std::string::npos) {
      add(entry);
    } else {
      rest.set(entry);
    }
  }
  return axes;
}

// The entries that a search without ranges stands for.
std::vector<Entry> declared_ranges(const std::vector<SearchedPlugin>& plugins) {
  std::vector<Entry> axes;
  for (const SearchedPlugin& plugin : plugins) {
    for (const Parameter& parameter : plugin.declared) {
      if (parameter.search.count == 0) continue;
      Table range;
      range.set({"from", {}, {parameter.search.from, {}}});
      range.set({"to", {}, {parameter.search.to, {}}});
      range.set({"count", {}, {std::int64_t{parameter.search.count}, {}}});
      range.set({"scale", {}, of_text(parameter.search.logarithmic ? "log" : "linear")});
      axes.push_back({std::string(runtime::kind_name(plugin.kind)) + "." + parameter.name, {}, {std::move(range), {}}});
    }
  }
  return axes;
}

// Leaves the numbers of these plugins in search.fixed. A name that is no number of any plugin is a mistake: what it
// means would be searched. One of another plugin is not, so that plugins can be exchanged; nor are names that a job of
// a sweep put there, which say what it sets.
void keep_numbers(Value* fixed, const NumericParameters& numbers, const NumericParameters& installed,
                  Diagnostics& problems) {
  Array* names = fixed == nullptr ? nullptr : std::get_if<Array>(&fixed->data);
  if (names == nullptr) return;
  const auto is_other = [&](const Value& name) {
    if (name.text() == nullptr || numbers.count(*name.text()) != 0) return false;
    if (installed.count(*name.text()) == 0 && !name.origin.is_default())
      problems.error(name.origin, "'" + *name.text() + "' in search.fixed is no number of a plugin",
                     base::suggestion(*name.text(), names_of(numbers), "known"));
    return true;
  };
  names->erase(std::remove_if(names->begin(), names->end(), is_other), names->end());
}

void refuse_unknown(const Entry& entry, const NumericParameters& numbers, Diagnostics& problems) {
  std::vector<std::string> known = names_of(numbers);
  for (const Parameter& parameter : search_parameters()) known.emplace_back(parameter.name);
  problems.error(entry.key_origin,
                 "unknown key '" + entry.key +
                     "' in [search]: neither a number of this experiment's plugins nor a setting of the search",
                 base::suggestion(entry.key, known, "known"));
}

// A range that was written for a number which is fixed as well is a mistake; one that the plugin declares is not.
void remove_fixed(std::vector<Entry>& entries, const std::vector<std::string>& fixed, Diagnostics& problems) {
  const auto is_fixed = [&](const Entry& entry) {
    const bool named = std::find(fixed.begin(), fixed.end(), entry.key) != fixed.end();
    if (named && !entry.value.origin.is_default()) {
      problems.error(entry.value.origin, "'" + entry.key + "' is fixed, and here is searched",
                     "take it out of search.fixed, of the sweep or of the ablation; or leave its range out");
    }
    return named;
  };
  entries.erase(std::remove_if(entries.begin(), entries.end(), is_fixed), entries.end());
}

}  // namespace

bool is_cache_hyperparameter(const std::string& key) {
  return key == "relation.alpha" || key == "relation.beta" || key == "relation.gamma";
}

const Value* written_range(const SearchChoice& choice, const std::string& quoted_key) {
  const auto range = std::find_if(choice.ranges.begin(), choice.ranges.end(),
                                  [&](const Entry& entry) { return entry.key == quoted_key; });
  return range == choice.ranges.end() ? nullptr : &range->value;
}

const std::vector<Parameter>& search_parameters() {
  static const std::vector<Parameter> parameters = {
      parameter::choice("objective", "loo|val|test",
                        "judged by: leaving support images out, the validation split, or the test labels"),
      parameter::boolean("allow_test_selection", false, "needed for objective test, whose accuracy says nothing"),
      parameter::choice("metric", "brier|nll|accuracy",
                        "what counts: squared error of the probabilities, −log p, or hits"),
      parameter::boolean("balance", true, "loo: scale what the own class's other images say by K/(K−1)"),
      parameter::boolean("loo_selection", true, "loo: select the channels without the image that is left out, too"),
      parameter::choice(
          "ties", "middle|first",
          "of equals: the middle of the widest best interval of α, or the first: β as listed, then α rising, then γ"),
      parameter::real(
          "tolerance", 1, {0, 100},
          "standard errors within which a point is as good as the best, and the nearest to the file's values "
          "is taken; plays no part with ties = \"first\""),
      parameter::text_list("fixed", "",
                           "numbers that keep the file's value though their plugin declares a range, such as "
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
  std::vector<Entry> entries = axis_entries(*section.table(), rest);
  Diagnostics problems;
  const NumericParameters numbers = numeric_parameters(plugins);
  keep_numbers(rest.find("fixed"), numbers, numeric_parameters(installed), problems);
  choice.parameters = read_settings(rest, "search", search_parameters(), {}, folder, problems, settings);
  if (entries.empty()) entries = declared_ranges(plugins);
  if (problems.empty()) remove_fixed(entries, choice.parameters.list("fixed"), problems);
  if (problems.empty() && choice.parameters.text("objective") == "test" &&
      !choice.parameters.boolean("allow_test_selection")) {
    problems.error(rest.find("objective")->origin,
                   "choosing parameters on the test labels makes the test accuracy meaningless",
                   "use objective = \"loo\", or say allow_test_selection = true to be warned in every output");
  }
  for (const Entry& entry : entries) {
    const auto number = numbers.find(entry.key);
    if (number == numbers.end()) {
      refuse_unknown(entry, numbers, problems);
    } else if (auto axis = read_search_axis(entry, *number->second, problems)) {
      choice.axes.push_back(std::move(*axis));
    }
    const std::string quoted_key = toml_quoted(entry.key);
    choice.ranges.push_back({quoted_key, entry.key_origin, entry.value});
    settings.push_back({"search." + quoted_key, entry.value, "values that are tried"});
  }
  constexpr double kMostPoints = 1e7;
  double points = 1;
  for (const SearchAxis& axis : choice.axes) points *= static_cast<double>(axis.exact ? 1 : axis.values.size());
  if (points > kMostPoints) {
    problems.error(section.origin, "the ranges give " + real_text(points) + " points together, more than ten million",
                   "try fewer values of some");
  }
  std::stable_sort(choice.axes.begin(), choice.axes.end(),
                   [](const SearchAxis& a, const SearchAxis& b) { return a.kind < b.kind; });
  diagnostics.append(problems);
  return choice;
}

}  // namespace trefoil::config
