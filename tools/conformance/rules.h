// Rules: the result of each rule that was tested.
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
  skipped,  // the rule cannot be tested on this computer or does not apply to this plugin
};

struct RuleResult {
  std::string rule;  // "gives the same scores again"
  Verdict verdict = Verdict::holds;
  std::string detail;  // the fault, the reason for skipping, or the message of a refusal; may be empty
};

// Thrown while a rule is tested.
struct Broken : std::runtime_error {
  using std::runtime_error::runtime_error;
};
struct Skipped : std::runtime_error {
  using std::runtime_error::runtime_error;
};

class Rules {
 public:
  // The rule holds unless `attempt` throws. If `attempt` returns a text, it becomes the detail.
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
      results_.push_back({rule, Verdict::broken, "the plugin threw something that is not a std::exception"});
    }
  }

  std::vector<RuleResult> take() { return std::move(results_); }

 private:
  std::vector<RuleResult> results_;
};

// The allowed difference of results, relative to the largest value. Blocks, batches, threads and devices change the
// order of sums, and so the rounding.
constexpr double kTolerance = 1e-4;

// Throw Broken if the condition does not hold, or the tensors are not equal.
void require(bool holds, const std::string& otherwise);
void require_equal(const torch::Tensor& found, const torch::Tensor& expected, const std::string& what);

// Throws Broken if values differ by more than `tolerance` times the largest absolute value of `expected`.
void require_near(const torch::Tensor& found, const torch::Tensor& expected, double tolerance, const std::string& what);

}  // namespace trefoil::conformance
