#include "config/search_section.h"

#include <algorithm>
#include <cmath>
#include <optional>

#include "base/suggestion.h"
#include "config/number_range.h"
#include "config/toml.h"

namespace trefoil::config {

namespace {

// What a range in [search] may say: the best of all numbers, besides.
std::vector<Parameter> search_range_parameters() {
  std::vector<Parameter> parameters = range_parameters();
  parameters.push_back(parameter::boolean("exact", false, "the best of all real numbers, instead of `count` of them"));
  return parameters;
}

Value of_text(std::string text) { return {std::move(text), {}}; }

class AxisReader {
 public:
  AxisReader(const std::vector<SearchedPlugin>& plugins, Diagnostics& diagnostics)
      : plugins_(plugins), diagnostics_(diagnostics) {}

  // Nothing, with a diagnostic, when it is not right.
  std::optional<SearchAxis> read(const Entry& entry) {
    const Parameter* declared = find(entry);
    if (declared == nullptr) return std::nullopt;
    SearchAxis axis = named(entry.key);
    axis.whole = declared->type == ParameterType::integer;
    axis.origin = entry.value.origin;
    if (!read_values(entry, *declared, axis)) return std::nullopt;
    if (axis.exact && axis.key != "relation.alpha") {
      diagnostics_.error(entry.value.origin, "'" + axis.key + "' cannot be searched exactly: only relation.alpha can",
                         "give a range such as { from = 1, to = 10, count = 10 }");
      return std::nullopt;
    }
    return fits(entry, *declared, axis) ? std::optional(axis) : std::nullopt;
  }

  static SearchAxis named(const std::string& key) {
    SearchAxis axis;
    const std::string section = key.substr(0, key.find('.'));
    axis.key = key;
    axis.parameter = key.substr(key.find('.') + 1);
    for (const PluginKind kind : {PluginKind::selector, PluginKind::relation, PluginKind::head}) {
      if (section == plugins::kind_name(kind)) axis.kind = kind;
    }
    return axis;
  }

 private:
  const Parameter* find(const Entry& entry) {
    std::vector<std::string> known;
    for (const SearchedPlugin& plugin : plugins_) {
      for (const Parameter& parameter : plugin.declared) {
        const bool number = parameter.type == ParameterType::integer || parameter.type == ParameterType::real;
        if (!number) continue;
        known.push_back(std::string(plugins::kind_name(plugin.kind)) + "." + parameter.name);
        if (known.back() == entry.key) return &parameter;
      }
    }
    for (const Parameter& parameter : search_parameters()) known.emplace_back(parameter.name);
    diagnostics_.error(entry.key_origin,
                       "unknown key '" + entry.key +
                           "' in [search]: neither a number of this experiment's plugins nor "
                           "a setting of the search",
                       base::suggestion(entry.key, known, "known"));
    return nullptr;
  }

  bool read_values(const Entry& entry, const Parameter& declared, SearchAxis& axis) {
    if (const Array* list = entry.value.array()) return read_list(entry, *list, axis);
    if (entry.value.table() != nullptr) return read_range(entry, *entry.value.table(), axis);
    const bool exact = entry.value.text() != nullptr && *entry.value.text() == "exact";
    if (exact && declared.search.count > 0) {
      axis.exact = true;
      axis.logarithmic = declared.search.logarithmic;
      axis.values = {declared.search.from, declared.search.to};
      return true;
    }
    diagnostics_.error(
        entry.value.origin,
        exact ? "'" + entry.key + "' declares no range to search exactly"
              : "'" + entry.key + "' is a range, a list of numbers, or \"exact\"; got " + entry.value.type_name(),
        exact ? "give one: { from = 1, to = 10, exact = true }" : "for example { from = 1, to = 10, count = 10 }");
    return false;
  }

  bool read_list(const Entry& entry, const Array& list, SearchAxis& axis) {
    for (const Value& element : list) {
      const std::optional<double> number = element.number();
      if (!number) {
        diagnostics_.error(element.origin, "'" + entry.key + "' is a list of numbers; this is " + element.type_name());
        return false;
      }
      if (axis.whole && *number != std::round(*number)) {
        diagnostics_.error(element.origin,
                           "'" + entry.key + "' is a whole number; the search would try " + real_text(*number));
        return false;
      }
      axis.values.push_back(*number);
    }
    if (axis.values.empty()) diagnostics_.error(entry.value.origin, "'" + entry.key + "' has no value to try");
    return !axis.values.empty();
  }

  bool read_range(const Entry& entry, const Table& table, SearchAxis& axis) {
    Diagnostics problems;
    std::vector<Setting> ignored;
    const Parameters range = read_settings(table, entry.key, search_range_parameters(), {}, {}, problems, ignored);
    diagnostics_.append(problems);
    if (!problems.empty()) return false;
    axis.exact = range.boolean("exact");
    axis.logarithmic = range.text("scale") == "log";
    const double from = range.real("from");
    const double to = range.real("to");
    std::string problem = axis.exact ? "" : range_problem(range);
    if (axis.exact && axis.logarithmic && from <= 0) problem = "has no logarithms: `from` must be above 0";
    if (axis.exact && !(from < to)) problem = "is empty: `from` must be below `to`";
    if (axis.exact && (table.find("count") != nullptr || table.find("endpoint") != nullptr)) {
      problem = "is searched exactly: leave out 'count' and 'endpoint'";
    }
    if (!problem.empty()) diagnostics_.error(entry.value.origin, "the range of '" + entry.key + "' " + problem);
    if (axis.exact) {
      axis.values = {from, to};
    } else {
      axis.values = spaced(range);
    }
    return problem.empty();
  }

  // Rounds whole numbers, drops those that are there already, and checks the bounds.
  bool fits(const Entry& entry, const Parameter& declared, SearchAxis& axis) {
    std::vector<double> kept;
    for (const double value : axis.values) {
      const double used = axis.whole ? std::round(value) : value;
      if (!(used >= declared.bounds.minimum && used <= declared.bounds.maximum)) {
        diagnostics_.error(entry.value.origin, "'" + entry.key + "' is " + type_text(declared) +
                                                   "; the search would try " + real_text(used));
        return false;
      }
      if (std::find(kept.begin(), kept.end(), used) == kept.end()) kept.push_back(used);
    }
    axis.values = std::move(kept);
    return true;
  }

  const std::vector<SearchedPlugin>& plugins_;
  Diagnostics& diagnostics_;
};

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
    const bool is_kind = entry.key == "selector" || entry.key == "relation" || entry.key == "head";
    if (is_kind && entry.value.table() != nullptr) {
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
      axes.push_back({std::string(plugins::kind_name(plugin.kind)) + "." + parameter.name, {}, {std::move(range), {}}});
    }
  }
  return axes;
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

bool is_strength(const std::string& key) {
  return key == "relation.alpha" || key == "relation.beta" || key == "relation.gamma";
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
                         const std::filesystem::path& folder, Diagnostics& diagnostics,
                         std::vector<Setting>& settings) {
  SearchChoice choice;
  choice.origin = section.origin;
  Table rest;
  std::vector<Entry> entries = axis_entries(*section.table(), rest);
  Diagnostics problems;
  choice.parameters = read_settings(rest, "search", search_parameters(), {}, folder, problems, settings);
  if (entries.empty()) entries = declared_ranges(plugins);
  if (problems.empty()) remove_fixed(entries, choice.parameters.list("fixed"), problems);
  if (problems.empty() && choice.parameters.text("objective") == "test" &&
      !choice.parameters.boolean("allow_test_selection")) {
    problems.error(rest.find("objective")->origin,
                   "choosing parameters on the test labels makes the test accuracy meaningless",
                   "use objective = \"loo\", or say allow_test_selection = true to be warned in every output");
  }
  AxisReader reader(plugins, problems);
  for (const Entry& entry : entries) {
    if (auto axis = reader.read(entry)) choice.axes.push_back(std::move(*axis));
    settings.push_back({"search." + toml_quoted(entry.key), entry.value, "values that are tried"});
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
