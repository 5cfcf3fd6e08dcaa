// The choice between heads.
//
// Every head is scored on the same held-out images, with the same correction for the images that are left out: by −log
// p after the temperature of lowest −log p. Without the temperature, a head would be judged by its calibration rather
// than by what it has learnt.
#pragma once

#include <cstddef>
#include <string>
#include <vector>

#include "search/held_out.h"

namespace trefoil::search {

struct HeadScore {
  std::string head;
  double temperature = 1;
  double loss = 0;            // mean −log p at this temperature, in nats
  double error_rate = 0;      // of the held-out images
  double standard_error = 0;  // of the difference between this loss and the lowest; 0 for the lowest
  bool chosen = false;
};

// The −log p of each held-out image, in one order for all heads, and the score that they give.
struct ScoredHead {
  HeadScore score;
  std::vector<float> losses;
};

// Scores the head of an experiment whose parameters are chosen. Throws PluginError, DataError, Interrupted.
ScoredHead score_head(const config::Experiment& experiment, const data::Task& task, const pipeline::AfterHeads& after,
                      const runtime::RunContext& run, int threads);

// Sets the standard errors, and marks the chosen head: the one of lowest loss, unless the first is within one standard
// error of it. Returns its index.
std::size_t choose_head(std::vector<ScoredHead>& heads);

}  // namespace trefoil::search
