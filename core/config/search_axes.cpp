#include "config/search_axes.h"

#include <algorithm>
#include <cmath>

#include "config/number_range.h"
#include "config/toml.h"

namespace trefoil::config {

namespace {

Value of_text(std::string text) { return {std::move(text), {}}; }

// The keys of a range in [search].
std::vector<Parameter> search_range_parameters() {
  std::vector<Parameter> parameters = range_parameters();
  parameters.push_back(
      parameter::boolean("exact", false, "find the best real number in the range, instead of trying `count` values"));
  parameters.push_back(parameter::boolean(
      "alone", false,
      "try these values while the other parameters keep the file's values, instead of all combinations"));
  return parameters;
}

class AxisReader {
 public:
  explicit AxisReader(Diagnostics& diagnostics) : diagnostics_(diagnostics) {}

  // Returns nothing and adds a diagnostic when the axis is wrong.
  std::optional<SearchAxis> read(const Entry& entry, const Parameter& declared) {
    SearchAxis axis = named(entry.key);
    axis.whole = declared.type == ParameterType::integer;
    axis.origin = entry.value.origin;
    if (!read_values(entry, declared, axis)) return std::nullopt;
    if (axis.exact && axis.key != "relation.alpha") {
      diagnostics_.error(entry.value.origin, "'" + axis.key + "' cannot be searched exactly: only relation.alpha can",
                         "give a range such as { from = 1, to = 10, count = 10 }");
      return std::nullopt;
    }
    return fits(entry, declared, axis) ? std::optional(axis) : std::nullopt;
  }

  static SearchAxis named(const std::string& key) {
    SearchAxis axis;
    axis.key = key;
    axis.parameter = name_in_section(key);
    axis.place = *plugin_place(section_of(key));
    return axis;
  }

 private:
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
        exact ? "'" + entry.key + "' has no declared range to search exactly"
              : "'" + entry.key + "' must be a range, a list of numbers, or \"exact\", but it is " +
                    entry.value.type_name(),
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
    axis.alone = range.boolean("alone");
    axis.logarithmic = range.text("scale") == "log";
    const double from = range.real("from");
    const double to = range.real("to");
    std::string problem = axis.exact ? "" : range_problem(range);
    if (axis.exact && axis.logarithmic && from <= 0) problem = "is logarithmic: `from` must be above 0";
    if (axis.exact && !(from < to)) problem = "is empty: `from` must be below `to`";
    if (axis.alone && is_cache_hyperparameter(axis.key)) {
      problem = "cannot be tried alone: all values of α, β and γ are tried together";
    }
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

  // Rounds the values of integers, removes duplicates, and checks the bounds.
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

  Diagnostics& diagnostics_;
};

}  // namespace

bool is_cache_hyperparameter(const std::string& key) {
  return key == "relation.alpha" || key == "relation.beta" || key == "relation.gamma";
}

NumericParameters numeric_parameters(const std::vector<SearchedPlugin>& plugins) {
  NumericParameters numbers;
  for (const SearchedPlugin& plugin : plugins) {
    for (const Parameter& parameter : plugin.declared) {
      if (parameter.type == ParameterType::integer || parameter.type == ParameterType::real)
        numbers[plugin.section + "." + parameter.name] = parameter;
    }
  }
  return numbers;
}

std::vector<std::string> names_of(const NumericParameters& numbers) {
  std::vector<std::string> names;
  for (const auto& [name, parameter] : numbers) names.push_back(name);
  return names;
}

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
      if (parameter.search.alone) range.set({"alone", {}, {true, {}}});
      axes.push_back({plugin.section + "." + parameter.name, {}, {std::move(range), {}}});
    }
  }
  return axes;
}

std::vector<SearchAxis> declared_axes(const SearchedPlugin& plugin, Diagnostics& diagnostics) {
  std::vector<SearchAxis> axes;
  const NumericParameters numbers = numeric_parameters({plugin});
  for (const Entry& entry : declared_ranges({plugin})) {
    if (auto axis = read_search_axis(entry, numbers.at(entry.key), diagnostics)) axes.push_back(std::move(*axis));
  }
  return axes;
}

std::optional<SearchAxis> read_search_axis(const Entry& entry, const Parameter& declared, Diagnostics& diagnostics) {
  return AxisReader(diagnostics).read(entry, declared);
}

}  // namespace trefoil::config
