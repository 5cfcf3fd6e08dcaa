// Prints the metrics of classified queries for the user.
#pragma once

#include <cstdio>

#include "pipeline/metrics.h"

namespace runner {

// One line for each metric: top-1, top-5, ECE and −log p. The last two are left out if no image could be read.
void print_metrics(const trefoil::pipeline::Metrics& metrics, std::FILE* to);

}  // namespace runner
