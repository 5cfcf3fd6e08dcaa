#include "run/submission.h"

#include <fmt/format.h>

#include <algorithm>
#include <array>
#include <charconv>
#include <utility>

#include "base/csv.h"
#include "base/text.h"

namespace trefoil::run {

namespace {

std::string number_text(float number) {
  std::array<char, 32> digits{};
  return {digits.data(), std::to_chars(digits.data(), digits.data() + digits.size(), number).ptr};
}

std::string csv_header() {
  std::string header = "name,label";
  for (std::int64_t i = 1; i <= pipeline::kTop; ++i) header += ",class" + std::to_string(i);
  for (std::int64_t i = 1; i <= pipeline::kTop; ++i) header += ",logit" + std::to_string(i);
  return header + "\n";
}

// With fewer than five classes the last columns are empty.
std::string csv_row(const std::string& name, const std::string& label, const pipeline::TopClasses& top) {
  std::string ids;
  std::string logits;
  for (std::size_t i = 0; i < pipeline::kTop; ++i) {
    const bool present = static_cast<std::int64_t>(i) < top.count;
    ids += "," + (present ? std::to_string(top.classes[i]) : "");
    logits += "," + (present ? number_text(top.logits[i]) : "");
  }
  return base::csv_text(name) + "," + label + ids + logits + "\n";
}

// The place of the class among the best, from 1, or 0.
std::ptrdiff_t rank_of(std::int64_t label, const pipeline::TopClasses& top) {
  const at::IntArrayRef ids = top.ids();
  const auto* const found = std::find(ids.begin(), ids.end(), label);
  return found == ids.end() ? 0 : found - ids.begin() + 1;
}

}  // namespace

Submission::Submission(SubmissionFiles files)
    : files_(std::move(files)), result_(files_.result, base::Durability::power_loss) {
  if (files_.predictions.empty()) return;
  predictions_.emplace(files_.predictions, base::Durability::power_loss);
  predictions_->write(csv_header());
}

void Submission::expect_labels(std::int64_t class_count, const std::vector<std::string>& subsets) {
  metrics_.emplace(class_count, subsets);
  if (!files_.ranks.empty()) ranks_.emplace(files_.ranks);
}

void Submission::add(const pipeline::ClassifiedBlock& block, const data::Queries& queries) {
  const auto* labels = block.labels.defined() ? block.labels.data_ptr<std::int64_t>() : nullptr;
  for (std::size_t i = 0; i < block.top.size(); ++i) {
    const std::int64_t query = block.first + static_cast<std::int64_t>(i);
    const std::string name = queries.name(query);
    std::string line = name;
    for (const std::int64_t id : block.top[i].ids()) line += " " + std::to_string(id);
    result_.write(line + "\n");
    if (metrics_) metrics_->add(query, labels[i], block.top[i], block.likelihood[i]);
    if (ranks_) ranks_->write(std::to_string(rank_of(labels[i], block.top[i])) + "\n");
    if (!predictions_) continue;
    predictions_->write(csv_row(name, labels != nullptr ? std::to_string(labels[i]) : "", block.top[i]));
  }
}

std::optional<pipeline::Metrics> Submission::finish() {
  if (predictions_) predictions_->commit();
  if (ranks_) ranks_->commit();
  result_.commit();
  return std::move(metrics_);
}

void submit(const data::Queries& queries, const std::vector<Submitter>& submitters, const std::string& plugin_label,
            const std::vector<std::string>& subsets, const runtime::Compute& compute, runtime::Observer& observer) {
  std::vector<Adapted> family;
  std::vector<pipeline::BlockConsumer> consumers;
  for (const Submitter& submitter : submitters) {
    Submission& submission = submitter.submission;
    if (queries.labelled()) submission.expect_labels(submitter.adapted.classifier.class_count(), subsets);
    family.push_back(submitter.adapted);
    consumers.emplace_back(
        [&submission, &queries](const pipeline::ClassifiedBlock& block) { submission.add(block, queries); });
  }
  pipeline::classify(queries, family, plugin_label, compute, observer, consumers);
}

void log_metrics(const pipeline::Metrics& metrics, runtime::Observer& observer) {
  observer.log(LogLevel::info, fmt::format("top-1 {:.2f} %, top-5 {:.2f} % of {}", metrics.top1(), metrics.top5(),
                                           base::counted(metrics.queries(), "query")));
  const pipeline::Calibration& calibration = metrics.calibration();
  if (calibration.queries() == 0) return;
  observer.log(LogLevel::info, fmt::format("ECE {:.2f} %, −log p {:.3f} of {}", *calibration.error(),
                                           *calibration.loss(), base::counted(calibration.queries(), "query")));
}

}  // namespace trefoil::run
