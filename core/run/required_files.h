// Files that the user must download before an experiment on images can run.
#pragma once

#include "config/experiment.h"

namespace trefoil::run {

// Throws DataError when the data's root or a file of the encoder is missing. The message lists all missing files, and
// adds the experiment's `needs`.
void require_present(const config::Experiment& experiment);

}  // namespace trefoil::run
