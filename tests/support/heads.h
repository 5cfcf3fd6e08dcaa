// Trains built-in heads in tests.
#pragma once

#include "support/plugins.h"
#include "trefoil/channels.h"
#include "trefoil/classifier.h"
#include "trefoil/head.h"

namespace tests {

// All channels of the small problem.
trefoil::Channels all_channels();

// The classifier that a head plugin trains in all channels.
trefoil::Classifier train_head(const char* name, const trefoil::Classifier& start, const trefoil::Support& support,
                               Overrides overrides = {}, int threads = 2);

}  // namespace tests
