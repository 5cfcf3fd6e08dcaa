// The searched parameters of one phase, and the combinations of their values.
#pragma once

#include <vector>

#include "config/experiment.h"
#include "search/cache_hyperparameters.h"
#include "search/phase_starts.h"

namespace trefoil::search {

// Each combination of the values of the outer axes needs a new classifier.
struct StageAxes {
  std::vector<config::SearchAxis> outer;
  CacheHyperparameterAxes inner;
};

StageAxes axes_of(const config::Experiment& experiment, SearchPhase phase);

// Returns the combinations of the axes' values, with the first axis slowest. An axis that is `alone` is not combined:
// its values are tried with the values of the other axes that `experiment` has.
std::vector<std::vector<double>> combinations(const std::vector<config::SearchAxis>& axes,
                                              const config::Experiment& experiment);

// Returns the distance of these values of the axes from those of `experiment`; 1 is the whole range of one axis.
double distance_from_file(const std::vector<config::SearchAxis>& axes, const std::vector<double>& values,
                          const config::Experiment& experiment);

// Returns the time that a training with these values takes, relative to others. Nearly every searched integer is
// proportional to it: epochs, iterations, channels.
double work_of(const std::vector<config::SearchAxis>& axes, const std::vector<double>& values);

}  // namespace trefoil::search
