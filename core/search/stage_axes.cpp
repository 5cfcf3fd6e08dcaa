#include "search/stage_axes.h"

#include <algorithm>
#include <cmath>
#include <utility>

#include "search/selection.h"

namespace trefoil::search {

using config::SearchAxis;

StageAxes axes_of(const config::Experiment& experiment, SearchPhase phase) {
  StageAxes axes;
  for (const SearchAxis& axis : experiment.search->axes) {
    if (axis.key == "relation.alpha") axes.inner.alpha = axis;
    if (axis.key == "relation.beta") axes.inner.beta = axis;
    if (axis.key == "relation.gamma") axes.inner.gamma = axis;
    if (axis.place.kind == PluginKind::adapter) continue;  // see adapter_search.h
    const std::size_t heads = axis.place.kind == PluginKind::head ? axis.place.position + 1 : 0;
    const bool of_this_phase = heads == phase.heads;
    if (!config::is_cache_hyperparameter(axis.key) && of_this_phase) axes.outer.push_back(axis);
  }
  return axes;
}

std::vector<std::vector<double>> combinations(const std::vector<SearchAxis>& axes,
                                              const config::Experiment& experiment) {
  std::vector<std::vector<double>> all = {{}};
  std::vector<double> start;
  for (const SearchAxis& axis : axes) {
    start.push_back(config::value_of(experiment, axis));
    const std::vector<double> values = axis.alone ? std::vector<double>{start.back()} : axis.values;
    std::vector<std::vector<double>> longer;
    for (const std::vector<double>& combination : all) {
      for (const double value : values) {
        longer.push_back(combination);
        longer.back().push_back(value);
      }
    }
    all = std::move(longer);
  }
  for (std::size_t i = 0; i < axes.size(); ++i) {
    if (!axes[i].alone) continue;
    for (const double value : axes[i].values) {
      if (value == start[i]) continue;
      all.push_back(start);
      all.back()[i] = value;
    }
  }
  return all;
}

double distance_from_file(const std::vector<SearchAxis>& axes, const std::vector<double>& values,
                          const config::Experiment& experiment) {
  double sum = 0;
  for (std::size_t axis = 0; axis < axes.size(); ++axis) {
    sum = std::hypot(sum, distance(axes[axis], values[axis], config::value_of(experiment, axes[axis])));
  }
  return sum;
}

double work_of(const std::vector<SearchAxis>& axes, const std::vector<double>& values) {
  double work = 1;
  for (std::size_t axis = 0; axis < axes.size(); ++axis) {
    if (axes[axis].whole) work *= std::max(1.0, values[axis]);
  }
  return work;
}

}  // namespace trefoil::search
