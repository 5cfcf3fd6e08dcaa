// What relations and heads have in common: both make a classifier.
#pragma once

#include <functional>

#include "conformance/problems.h"
#include "conformance/rules.h"
#include "trefoil/classifier.h"

namespace trefoil::conformance {

// That it is what trefoil/classifier.h promises, and its logits of some queries finite. `maker` is the plugin.
void require_valid(const Classifier& classifier, const Support& support, const std::string& maker);

// A classifier, and an object that its logits may belong to, which lives until `use` returns.
using WithClassifier =
    std::function<void(const Support&, int threads, const std::function<void(const Classifier&)>& use)>;

// Rules of what `make` makes of the support of an ordinary problem: the same again, with two threads, by blocks, by two
// threads at once, and on a GPU where there is one; the support stays as it is.
void check_classifiers(const WithClassifier& make, Rules& rules);

}  // namespace trefoil::conformance
