// Files that have to be got from elsewhere before an experiment on images can run.
#pragma once

#include "config/experiment.h"

namespace trefoil::run {

// Throws DataError when the data's root or a file of the encoder is missing: names all of them, and adds what the
// experiment itself says about them in `needs`.
void require_present(const config::Experiment& experiment);

}  // namespace trefoil::run
