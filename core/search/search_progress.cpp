#include "search/search_progress.h"

#include <algorithm>

namespace trefoil::search {

namespace {

constexpr std::int64_t kShownSteps = 1000;

double fraction(double done, double total) { return total > 0 ? std::clamp(done / total, 0.0, 1.0) : 0.0; }

}  // namespace

void SearchProgress::begin_stage(const std::string& stage) {
  stage_ = stage;
  expected_ = 0;
  finished_ = 0;
  part_ = 0;
  shown_ = 0;
}

void SearchProgress::begin_part(double work) {
  finished_ += part_;
  part_ = work;
  progress("", 0, 1);
}

void SearchProgress::progress(const std::string& /*plugin*/, std::int64_t done, std::int64_t total) {
  const double work = finished_ + part_ * fraction(static_cast<double>(done), static_cast<double>(total));
  shown_ = std::max(shown_, static_cast<std::int64_t>(fraction(work, expected_) * kShownSteps));
  inner_.progress(stage_, shown_, kShownSteps);
}

}  // namespace trefoil::search
