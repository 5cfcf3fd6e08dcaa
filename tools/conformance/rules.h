// Rules: what was tried, and what came of it.
#pragma once

#include <exception>
#include <stdexcept>
#include <string>
#include <type_traits>
#include <utility>
#include <vector>

#include "trefoil/tensor.h"

namespace trefoil::conformance {

enum class Verdict {
  holds,
  broken,
  skipped,  // it cannot be tried here, or says nothing about this plugin
};

struct RuleResult {
  std::string rule;  // "the same score again"
  Verdict verdict = Verdict::holds;
  std::string detail;  // what is wrong, why it was skipped, or with what words a problem was refused; may be empty
};

// Thrown by what tries a rule.
struct Broken : std::runtime_error {
  using std::runtime_error::runtime_error;
};
struct Skipped : std::runtime_error {
  using std::runtime_error::runtime_error;
};

class Rules {
 public:
  // The rule holds unless `attempt` throws; the text that it returns, if it does, is the detail.
  template <typename Attempt>
  void check(const std::string& rule, Attempt attempt) {
    try {
      std::string detail;
      if constexpr (std::is_void_v<decltype(attempt())>) {
        attempt();
      } else {
        detail = attempt();
      }
      results_.push_back({rule, Verdict::holds, std::move(detail)});
    } catch (const Skipped& reason) {
      results_.push_back({rule, Verdict::skipped, reason.what()});
    } catch (const std::exception& problem) {
      results_.push_back({rule, Verdict::broken, problem.what()});
    } catch (...) {
      results_.push_back({rule, Verdict::broken, "it threw something that is not a std::exception"});
    }
  }

  std::vector<RuleResult> take() { return std::move(results_); }

 private:
  std::vector<RuleResult> results_;
};

// How far results may differ, as a share of the largest number, when only the shape of the work differs: blocks,
// batches, threads and devices change the order of sums.
constexpr double kTolerance = 1e-4;

// Throw Broken.
void require(bool holds, const std::string& otherwise);
void require_equal(const torch::Tensor& found, const torch::Tensor& expected, const std::string& what);

// Within `tolerance` of the largest number of `expected`.
void require_near(const torch::Tensor& found, const torch::Tensor& expected, double tolerance, const std::string& what);

}  // namespace trefoil::conformance
