#include "pipeline/metrics.h"

#include <algorithm>

namespace trefoil::pipeline {

Metrics::Metrics(std::int64_t class_count, std::vector<std::string> subsets)
    : subsets_(std::move(subsets)), per_class_(static_cast<std::size_t>(class_count)) {}

void Metrics::add(std::int64_t query, std::int64_t truth, const TopClasses& top,
                  const std::optional<Likelihood>& likelihood) {
  constexpr std::size_t kExamples = 3;
  const auto ids = top.ids();
  const bool first = !ids.empty() && ids.front() == truth;
  const bool among = std::find(ids.begin(), ids.end(), truth) != ids.end();
  for (ClassCount* count : {&total_, &per_class_.at(static_cast<std::size_t>(truth))}) {
    ++count->queries;
    count->top1 += first ? 1 : 0;
    count->top5 += among ? 1 : 0;
  }
  if (likelihood) calibration_.add(*likelihood, first);
  if (ids.empty()) return;
  Confusion& pair = confusion_.try_emplace({truth, ids.front()}, Confusion{truth, ids.front(), 0, {}}).first->second;
  ++pair.count;
  if (pair.examples.size() < kExamples) pair.examples.push_back(query);
}

double Metrics::percent(std::int64_t part, std::int64_t whole) {
  return whole == 0 ? 0 : 100.0 * static_cast<double>(part) / static_cast<double>(whole);
}

double Metrics::per_class_mean() const {
  double sum = 0;
  std::int64_t classes = 0;
  for (const ClassCount& count : per_class_) {
    if (count.queries == 0) continue;
    sum += percent(count.top1, count.queries);
    ++classes;
  }
  return classes == 0 ? 0 : sum / static_cast<double>(classes);
}

std::vector<std::pair<std::string, ClassCount>> Metrics::per_subset() const {
  std::vector<std::pair<std::string, ClassCount>> counts;
  for (std::size_t i = 0; i < subsets_.size(); ++i) {
    if (subsets_[i].empty() || per_class_[i].queries == 0) continue;
    auto found =
        std::find_if(counts.begin(), counts.end(), [&](const auto& entry) { return entry.first == subsets_[i]; });
    if (found == counts.end()) found = counts.insert(counts.end(), {subsets_[i], {}});
    found->second.queries += per_class_[i].queries;
    found->second.top1 += per_class_[i].top1;
    found->second.top5 += per_class_[i].top5;
  }
  return counts;
}

std::vector<Confusion> Metrics::confusion() const {
  std::vector<Confusion> pairs;
  for (const auto& [classes, pair] : confusion_) pairs.push_back(pair);
  return pairs;
}

}  // namespace trefoil::pipeline
