// Checks all rows of a task before anything is computed from them.
#pragma once

#include "data/task.h"

namespace trefoil::data {

// Reads every query and validation query once, so that a bad row is found before the search and the training. Adds
// notes about rows that make accuracies or leave-one-out too good: equal support rows, and queries that are support
// rows. Reads `threads` blocks at once. Throws DataError with the number of the first bad row.
void check_rows(Task& task, int threads);

// Reads every query once. Throws DataError with the number of the first bad row.
void check_rows(const Queries& queries, int threads);

}  // namespace trefoil::data
