#include "config/sweep_axes.h"

#include <algorithm>
#include <cmath>
#include <random>

#include "base/text.h"
#include "config/number_range.h"

namespace trefoil::config {

namespace {

// Returns an integer value for a whole number, so that it can be used for integer parameters.
Value number_value(double number, const Origin& origin) {
  constexpr double kExact = 9007199254740992;  // 2^53
  if (number == std::round(number) && std::abs(number) < kExact) return {static_cast<std::int64_t>(number), origin};
  return {number, origin};
}

std::vector<Value> range_values(const Entry& entry, Diagnostics& diagnostics) {
  Diagnostics problems;
  std::vector<Setting> ignored;
  const Parameters range =
      read_settings(*entry.value.table(), entry.key, range_parameters(), {}, {}, problems, ignored);
  if (problems.empty() && !range_problem(range).empty())
    problems.error(entry.value.origin, "the range of '" + entry.key + "' " + range_problem(range));
  diagnostics.append(problems);
  std::vector<Value> values;
  if (!problems.empty()) return values;
  for (const double number : spaced(range)) values.push_back(number_value(number, entry.value.origin));
  return values;
}

// Returns the values of a list. Reports an empty list, or a value that is not a list.
std::vector<Value> list_values(const Entry& entry, const char* alternative, Diagnostics& diagnostics) {
  const Array* list = entry.value.array();
  if (list == nullptr || list->empty()) {
    diagnostics.error(entry.value.origin,
                      "'" + entry.key + "' must be a list of values" + alternative + "; got " +
                          (list != nullptr ? "an empty list" : entry.value.type_name()),
                      "for example \"selector.q\" = [128, 256, 400]");
    return {};
  }
  return *list;
}

// Returns a uniform number in [0, 1). It is equal on every machine, unlike those of the standard library's
// distributions.
double uniform(std::mt19937_64& generator) { return static_cast<double>(generator() >> 11U) * 0x1p-53; }

// Draws the values of one key.
class RandomAxis {
 public:
  RandomAxis(const Entry& entry, Diagnostics& diagnostics) : entry_(entry) {
    if (entry.value.table() == nullptr) {
      choices_ = list_values(entry, ", or a range { from, to }", diagnostics);
      return;
    }
    static const std::vector<Parameter> kParameters = {
        parameter::required(parameter::real("from", 0, {}, "the lowest value")),
        parameter::required(parameter::real("to", 0, {}, "the highest value")),
        parameter::choice("scale", "linear|log|int",
                          "distribution of the values: uniform, log-uniform, or uniform whole numbers")};
    Diagnostics problems;
    std::vector<Setting> ignored;
    const Parameters range = read_settings(*entry.value.table(), entry.key, kParameters, {}, {}, problems, ignored);
    if (problems.empty()) {
      from_ = range.real("from");
      to_ = range.real("to");
      scale_ = range.text("scale");
      if (scale_ == "log" && !(from_ > 0 && to_ > 0))
        problems.error(entry.value.origin,
                       "the range of '" + entry.key + "' cannot be logarithmic: `from` and `to` must be above 0");
      if (scale_ == "int" &&
          (from_ != std::round(from_) || to_ != std::round(to_) || std::max(std::abs(from_), std::abs(to_)) > 1e15))
        problems.error(entry.value.origin,
                       "the range of '" + entry.key +
                           "' has whole numbers only: `from` and `to` must be whole numbers up to 1e15");
      if (!(from_ <= to_))
        problems.error(entry.value.origin, "the range of '" + entry.key + "' is empty: `from` is above `to`");
    }
    diagnostics.append(problems);
  }

  Value draw(std::mt19937_64& generator) const {
    const double fraction = uniform(generator);
    if (!choices_.empty()) return choices_[static_cast<std::size_t>(fraction * static_cast<double>(choices_.size()))];
    if (scale_ == "int")
      return {static_cast<std::int64_t>(std::floor(from_ + fraction * (to_ - from_ + 1))), entry_.value.origin};
    const double drawn = scale_ == "log" ? from_ * std::pow(to_ / from_, fraction) : from_ + fraction * (to_ - from_);
    return {nine_digits(drawn), entry_.value.origin};
  }

 private:
  const Entry& entry_;
  std::vector<Value> choices_;
  double from_ = 0;
  double to_ = 0;
  std::string scale_;
};

}  // namespace

AxisGroup read_grid_axis(const Entry& entry, Diagnostics& diagnostics) {
  const bool range = entry.value.table() != nullptr;
  AxisGroup group{{entry.key}, {}, entry.value.origin};
  for (Value& value :
       range ? range_values(entry, diagnostics) : list_values(entry, ", or a range { from, to, count }", diagnostics)) {
    group.rows.push_back({std::move(value)});
  }
  return group;
}

AxisGroup read_zip(const Value& value, Diagnostics& diagnostics) {
  AxisGroup group{{}, {}, value.origin};
  if (value.table()->entries().empty())
    diagnostics.error(value.origin, "this [[sweep.zip]] has no lists", "add two or more lists");
  for (const Entry& entry : value.table()->entries()) {
    const std::vector<Value> column = list_values(entry, "", diagnostics);
    if (group.keys.empty()) group.rows.resize(column.size());
    if (column.size() != group.rows.size()) {
      diagnostics.error(entry.value.origin,
                        "'" + entry.key + "' has " + base::counted(column.size(), "value") + ", but '" +
                            group.keys.front() + "' has " +
                            base::grouped(static_cast<std::int64_t>(group.rows.size())) +
                            ": the lists of one [[sweep.zip]] must have the same length",
                        "make the lists equally long, or move one to [sweep.grid]");
      return {};
    }
    group.keys.push_back(entry.key);
    for (std::size_t i = 0; i < column.size(); ++i) group.rows[i].push_back(column[i]);
  }
  return group;
}

AxisGroup read_random(const Value& value, Diagnostics& diagnostics) {
  Table own;
  std::vector<const Entry*> drawn;
  for (const Entry& entry : value.table()->entries()) {
    if (entry.key == "count" || entry.key == "seed") {
      own.set(entry);
    } else {
      drawn.push_back(&entry);
    }
  }
  Diagnostics problems;
  std::vector<Setting> ignored;
  const Parameters parameters =
      read_settings(own, "sweep.random",
                    {parameter::required(parameter::integer("count", 1, {1, 1e5}, "number of draws")),
                     parameter::integer("seed", 1, {0, 9007199254740992}, "seed of the draws")},
                    {}, {}, problems, ignored);
  if (drawn.empty())
    problems.error(value.origin, "[sweep.random] has no key to draw",
                   "add a key, such as \"head.lr\" = { from = 1e-5, to = 1e-3, scale = \"log\" }");
  std::vector<RandomAxis> axes;
  AxisGroup group{{}, {}, value.origin};
  for (const Entry* entry : drawn) {
    axes.emplace_back(*entry, problems);
    group.keys.push_back(entry->key);
  }
  diagnostics.append(problems);
  if (!problems.empty()) return {};
  std::mt19937_64 generator(static_cast<std::uint64_t>(parameters.integer("seed")));
  for (std::int64_t i = 0; i < parameters.integer("count"); ++i) {
    std::vector<Value> row;
    row.reserve(axes.size());
    for (const RandomAxis& axis : axes) row.push_back(axis.draw(generator));
    group.rows.push_back(std::move(row));
  }
  return group;
}

}  // namespace trefoil::config
