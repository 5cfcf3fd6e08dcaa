#include "search/search_progress.h"

#include <algorithm>
#include <numeric>
#include <utility>

namespace trefoil::search {

namespace {

constexpr std::int64_t kShownSteps = 1000;

double fraction(std::int64_t done, std::int64_t total) {
  return total > 0 ? std::clamp(static_cast<double>(done) / static_cast<double>(total), 0.0, 1.0) : 0.0;
}

}  // namespace

void SearchProgress::begin_stage(const std::string& stage, std::vector<double> work) {
  stage_ = stage;
  work_ = std::move(work);
  total_work_ = std::accumulate(work_.begin(), work_.end(), 0.0);
  finished_work_ = 0;
  begun_settings_ = 0;
  shown_ = 0;
}

void SearchProgress::begin_setting() {
  if (begun_settings_ > 0) finished_work_ += work_.at(begun_settings_ - 1);
  ++begun_settings_;
  training_ = 0;
  trainings_ = 0;
  show(0);
}

void SearchProgress::begin_training(std::size_t number, std::size_t count) {
  training_ = number;
  trainings_ = count;
  progress("", 0, 1);
}

void SearchProgress::progress(const std::string& /*plugin*/, std::int64_t done, std::int64_t total) {
  const double before = trainings_ > 0 ? static_cast<double>(training_) + fraction(done, total) : 0.0;
  show(before / static_cast<double>(trainings_ + 1));
}

void SearchProgress::evaluated(std::int64_t done, std::int64_t total) {
  show((static_cast<double>(trainings_) + fraction(done, total)) / static_cast<double>(trainings_ + 1));
}

void SearchProgress::show(double fraction_of_setting) {
  const double work = finished_work_ + fraction_of_setting * work_.at(begun_settings_ - 1);
  shown_ = std::max(shown_, static_cast<std::int64_t>(work / total_work_ * kShownSteps));
  inner_.progress(stage_, shown_, kShownSteps);
}

}  // namespace trefoil::search
