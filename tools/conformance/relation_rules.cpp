#include <cmath>
#include <optional>
#include <variant>

#include "conformance/classifiers.h"
#include "conformance/kinds.h"
#include "runtime/affinity.h"
#include "trefoil/relation.h"

namespace trefoil::conformance {

namespace {

// Relates with the best q channels of `support`, checks what comes back, and hands it on while the relation lives.
template <typename Use>
void relate(const Subject& subject, const Support& support, std::int64_t q, int threads, Use use) {
  Tried<Relation> relation(subject, threads);
  const Channels channels = some_channels(support, q);
  const Classifier made =
      relation.call("relate", [&](const Relation& object) { return object.relate(support, channels); });
  require_valid(made, support, relation.label());
  use(made);
}

void try_out(const Subject& subject, const Support& support) {
  for (const std::int64_t q : {std::int64_t{1}, support.width() / 2, support.width()})
    relate(subject, support, q, 1, [](const Classifier&) {});
}

// Another value of a number, within its bounds; nothing when there is none.
std::optional<double> another_value(const PluginDescriptor& descriptor, const std::string& name, double value) {
  for (std::size_t i = 0; i < descriptor.parameter_count; ++i) {
    const Parameter& declared = descriptor.parameters[i];
    if (declared.name != name || declared.type != ParameterType::real) continue;
    for (const double other : {value + 0.25, value - 0.25, declared.bounds.minimum, declared.bounds.maximum}) {
      if (std::isfinite(other) && other != value && other >= declared.bounds.minimum &&
          other <= declared.bounds.maximum)
        return other;
    }
  }
  return std::nullopt;
}

// With another α, β or γ the classifier has that value in its field, and all else as before: the host sets these fields
// itself when it searches, and computes the rest once for runs that differ in them only.
void check_strength(const Subject& subject, const char* name, double Classifier::*field) {
  if (subject.parameters.values().count(name) == 0) throw Skipped("it has no parameter of this name");
  const auto* value = std::get_if<double>(&subject.parameters.values().at(name));
  require(value != nullptr, std::string(name) + " is a strength of the classifier: declare it as a real number");
  const std::optional<double> other = another_value(subject.descriptor(), name, *value);
  if (!other) throw Skipped("it has one value only");
  const Support support = ordinary_problem().support;
  relate(subject, support, support.width() / 2, 1, [&](const Classifier& before) {
    relate(subject.with(name, *other), support, support.width() / 2, 1, [&](const Classifier& after) {
      if (before.custom_logits) throw Skipped("its logits are its own");
      require(after.*field == *other, std::string("the field ") + name + " of the classifier does not hold it");
      require(differ_in_cache_hyperparameters_only(before, after), std::string(name) + " changes other fields too");
    });
  });
}

}  // namespace

void check_relation(const Subject& subject, Rules& rules) {
  const Problem ordinary = ordinary_problem();
  rules.check(ordinary.name + ", Q = 1, D/2 and D", [&] { try_out(subject, ordinary.support); });
  for (const Problem& problem : unusual_problems())
    rules.check(problem.name, [&] { return allowing_refusal([&] { try_out(subject, problem.support); }); });
  check_classifiers([&](const Support& support, int threads,
                        const auto& use) { relate(subject, support, support.width() / 2, threads, use); },
                    rules);
  for (const auto& [name, field] :
       {std::pair("alpha", &Classifier::alpha), {"beta", &Classifier::beta}, {"gamma", &Classifier::gamma}}) {
    rules.check(std::string(name) + " is the classifier's, and changes nothing else",
                [&, name = name, field = field] { check_strength(subject, name, field); });
  }
  check_values(subject, rules, [&](const Subject& changed) { try_out(changed, ordinary_problem().support); });
}

}  // namespace trefoil::conformance
