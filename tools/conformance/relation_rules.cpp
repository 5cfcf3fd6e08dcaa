#include <ATen/ops/arange.h>
#include <ATen/ops/cat.h>
#include <ATen/ops/ones.h>

#include <cmath>
#include <optional>
#include <variant>

#include "conformance/classifiers.h"
#include "conformance/kinds.h"
#include "runtime/affinity.h"
#include "runtime/instance.h"
#include "trefoil/relation.h"

namespace trefoil::conformance {

namespace {

// Builds a classifier with q channels, checks it, and calls `use` with it while the relation object exists.
template <typename Use>
void relate(const Subject& subject, const Support& support, std::int64_t q, int threads, Use use) {
  TestedPlugin<Relation> relation(subject, threads);
  const Channels channels = some_channels(support, q);
  const Classifier made =
      relation.call("relate", [&](const Relation& object) { return object.relate(support, channels); });
  require_valid(made, support, relation.label());
  use(made);
}

void check_widths(const Subject& subject, const Support& support) {
  for (const std::int64_t q : {std::int64_t{1}, support.width() / 2, support.width()})
    relate(subject, support, q, 1, [](const Classifier&) {});
}

// Returns another value of a real parameter within its bounds, or nothing if there is none.
std::optional<double> another_value(const std::vector<Parameter>& parameters, const std::string& name, double value) {
  for (const Parameter& declared : parameters) {
    if (declared.name != name || declared.type != ParameterType::real) continue;
    for (const double other : {value + 0.25, value - 0.25, declared.bounds.minimum, declared.bounds.maximum}) {
      if (std::isfinite(other) && other != value && other >= declared.bounds.minimum &&
          other <= declared.bounds.maximum)
        return other;
    }
  }
  return std::nullopt;
}

// Checks that another value of α, β or γ changes only the field of that name. A search sets these fields itself, and
// runs that differ only in them share the rest of the classifier.
void check_cache_hyperparameter(const Subject& subject, const char* name, double Classifier::*field) {
  if (subject.parameters().values().count(name) == 0) throw Skipped("the relation has no parameter of this name");
  const auto* value = std::get_if<double>(&subject.parameters().values().at(name));
  require(value != nullptr, std::string(name) + " is a cache hyper-parameter: declare it as a real number");
  const std::optional<double> other = another_value(subject.declared(), name, *value);
  if (!other) throw Skipped("its bounds allow only one value");
  const Support support = ordinary_problem().support;
  relate(subject, support, support.width() / 2, 1, [&](const Classifier& before) {
    relate(subject.with(name, *other), support, support.width() / 2, 1, [&](const Classifier& after) {
      if (before.custom_logits) throw Skipped("the relation uses custom_logits");
      require(after.*field == *other,
              std::string("the parameter ") + name + " is not copied to the classifier's field " + name);
      require(differ_in_cache_hyperparameters_only(before, after),
              std::string(name) + " changes other fields of the classifier, too");
    });
  });
}

// Returns the support without image `row`.
Support without_row(const Support& support, std::int64_t row) {
  const torch::Tensor kept = at::cat({at::arange(row), at::arange(row + 1, support.image_count())});
  return {support.text, support.images.index_select(0, kept), support.labels.index_select(0, kept)};
}

// leave_one_out() must give the logits of classifiers without each image.
void check_relation_leave_one_out(const Subject& subject) {
  const Support support = ordinary_problem().support;
  TestedPlugin<Relation> relation(subject);
  const torch::Tensor no_gain = at::ones({support.image_count()}, torch::kDouble);
  const torch::Tensor logits =
      relation.call("leave_one_out", [&](const Relation& object) { return object.leave_one_out(support, no_gain); });
  if (!logits.defined()) throw Skipped("the relation does not override leave_one_out()");
  runtime::check_logits(logits, support.image_count(), support.class_count(), relation.label());
  for (std::int64_t row = 0; row < support.image_count(); ++row) {
    relate(subject, without_row(support, row), support.width() / 2, 1, [&](const Classifier& rest) {
      require_near(logits.slice(0, row, row + 1).to(torch::kDouble),
                   rest.logits(support.images.slice(0, row, row + 1)).to(torch::kDouble), kTolerance,
                   "leave_one_out() against relate() without image " + std::to_string(row));
    });
  }
}

}  // namespace

void check_relation(const Subject& subject, Rules& rules) {
  const Problem ordinary = ordinary_problem();
  rules.check(ordinary.name + ", Q = 1, D/2 and D", [&] { check_widths(subject, ordinary.support); });
  for (const Problem& problem : unusual_problems())
    rules.check(problem.name, [&] { return allowing_refusal([&] { check_widths(subject, problem.support); }); });
  check_classifiers([&](const Support& support, int threads,
                        const auto& use) { relate(subject, support, support.width() / 2, threads, use); },
                    rules);
  for (const auto& [name, field] :
       {std::pair("alpha", &Classifier::alpha), {"beta", &Classifier::beta}, {"gamma", &Classifier::gamma}}) {
    rules.check(std::string(name) + " changes only the classifier's field of that name",
                [&, name = name, field = field] { check_cache_hyperparameter(subject, name, field); });
  }
  rules.check("leave_one_out() gives the logits without each image", [&] { check_relation_leave_one_out(subject); });
  check_values(subject, rules, [&](const Subject& changed) { check_widths(changed, ordinary_problem().support); });
}

}  // namespace trefoil::conformance
