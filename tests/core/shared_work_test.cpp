// What runs of one process share.
#include "run/shared_work.h"

#include <ATen/ops/ones.h>

#include "support/catch.h"
#include "support/plugins.h"
#include "support/problem.h"

using namespace tests;
using trefoil::Classifier;
using trefoil::Parameters;
using trefoil::run::SharedRelation;

namespace {

Parameters strengths(double alpha, double gamma) { return Parameters({{"alpha", alpha}, {"gamma", gamma}}); }

// A relation that counts how often it is asked.
struct Asked {
  int times = 0;
  double of_alpha = 0;  // how much α and γ change besides their fields, which they should not
  double of_gamma = 0;
  bool silent = true;

  SharedRelation::Made operator()(const Parameters& parameters) {
    ++times;
    const trefoil::Support support = small_problem().support;
    Classifier made = relate("ape", support, trefoil::keep_best(score("mixed", support), 20));
    made.alpha = parameters.real("alpha");
    made.gamma = parameters.real("gamma");
    made.text = made.text * (1 + of_alpha * made.alpha + of_gamma * made.gamma);
    return {made, {}, silent};
  }
};

// The relation of each (α, γ) in turn, with the key "k".
std::vector<Classifier> shared(Asked& asked, const std::vector<std::pair<double, double>>& points) {
  SharedRelation relation;
  std::vector<Classifier> made;
  for (const auto& [alpha, gamma] : points) {
    const Parameters parameters = strengths(alpha, gamma);
    made.push_back(relation.get("k", parameters, [&] { return asked(parameters); }).result);
  }
  return made;
}

}  // namespace

TEST_CASE("a relation is asked until each strength was seen to be a field, and the others follow", "[pipeline]") {
  Asked asked;
  const std::vector<Classifier> made = shared(asked, {{1, 0}, {2, 0}, {3, 0}, {1, 0.5}, {2, 0.5}, {3, 0.7}});
  REQUIRE(asked.times == 3);  // the first, another α, another γ
  REQUIRE(made.back().alpha == 3);
  REQUIRE(made.back().gamma == 0.7);
  REQUIRE(made.back().beta == made.front().beta);
}

TEST_CASE("a relation that does more with one of its strengths is asked every time", "[pipeline]") {
  Asked asked;
  asked.of_alpha = 1;
  const std::vector<Classifier> made = shared(asked, {{1, 0}, {2, 0}, {3, 0}});
  REQUIRE(asked.times == 3);
  REQUIRE(made.at(2).text.allclose(made.at(0).text * 2));
  Asked of_gamma;
  of_gamma.of_gamma = 1;
  const std::vector<Classifier> mixed = shared(of_gamma, {{1, 0}, {2, 0}, {1, 1}, {2, 1}, {3, 1}});
  REQUIRE(of_gamma.times == 5);
  REQUIRE(mixed.at(3).text.allclose(mixed.at(0).text * 2));
}

TEST_CASE("a relation that logs is asked every time, so that every log has its lines", "[pipeline]") {
  Asked asked;
  asked.silent = false;
  shared(asked, {{1, 0}, {2, 0}, {3, 0}});
  REQUIRE(asked.times == 3);
}

TEST_CASE("another key is another relation", "[pipeline]") {
  Asked asked;
  SharedRelation relation;
  double alpha = 0;
  for (const char* key : {"a", "a", "a", "b", "b", "a"}) {
    const Parameters parameters = strengths(++alpha, 0.1);
    relation.get(key, parameters, [&] { return asked(parameters); });
  }
  REQUIRE(asked.times == 5);
}
