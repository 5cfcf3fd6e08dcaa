// Folds: the rows of the support that leave-one-out leaves out together.
#pragma once

#include <cstdint>
#include <vector>

#include "trefoil/support.h"

namespace trefoil::search {

using Rows = std::vector<std::int64_t>;

// Each fold may cost one training.
constexpr std::int64_t kMostFolds = 4;

// Returns the folds, each with its rows in ascending order. Fold k has the images k, k + most, k + 2 · most, … of every
// class, so there are at most `most` folds.
//
// Equal rows of a class count as one image and are in one fold, because a classifier that has learnt one of them has
// learnt them all. A row is in no fold if it is equal to a row of another class, if its class has no different row, or
// if its class is among `estimated` [C] bool (undefined: none), whose images were estimated from text. There are no
// folds when no class has two different images.
std::vector<Rows> folds(const Support& support, const torch::Tensor& estimated = {}, std::int64_t most = kMostFolds);

// Whether two rows in the folds are equal.
bool have_equal_rows(const std::vector<Rows>& folds, const Support& support);

// Returns the support without these rows, given in ascending order. Every class that had images must keep at least one.
Support without(const Support& support, const Rows& rows);

}  // namespace trefoil::search
