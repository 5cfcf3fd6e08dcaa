// The rules that relations and heads share, because both make a classifier.
#pragma once

#include <functional>

#include "conformance/problems.h"
#include "conformance/rules.h"
#include "trefoil/classifier.h"

namespace trefoil::conformance {

// Throws unless the classifier is valid (trefoil/classifier.h) and its logits of some queries are finite.
void require_valid(const Classifier& classifier, const Support& support, const std::string& plugin_label);

// Makes a classifier with a plugin object and calls `use` with it. The object lives until `use` returns.
using UseClassifier =
    std::function<void(const Support&, int threads, const std::function<void(const Classifier&)>& use)>;

// Checks the classifier that `make` makes from the ordinary problem: it must not modify the support, and must give the
// same logits when created again, with two threads, in blocks, from two threads at the same time, and on a GPU.
void check_classifiers(const UseClassifier& make, Rules& rules);

}  // namespace trefoil::conformance
