// Metrics: top-1 and top-5 accuracy, per class and in total, the confusion of classes, and the calibration.
#pragma once

#include <cstdint>
#include <map>
#include <optional>
#include <string>
#include <utility>
#include <vector>

#include "pipeline/calibration.h"
#include "pipeline/ranking.h"

namespace trefoil::pipeline {

struct ClassCount {
  std::int64_t queries = 0;
  std::int64_t top1 = 0;
  std::int64_t top5 = 0;
};

struct Confusion {
  std::int64_t truth = 0;
  std::int64_t predicted = 0;
  std::int64_t count = 0;
  std::vector<std::int64_t> examples;  // indices of the first three such queries
};

// Counts any number of queries. The memory depends on the classes only.
class Metrics {
 public:
  // `subsets` [C] has the subset of the data that each class belongs to; empty without subsets.
  explicit Metrics(std::int64_t class_count, std::vector<std::string> subsets = {});

  // Counts the query with this index. `truth` is its class. A query without a likelihood does not count in the
  // calibration.
  void add(std::int64_t query, std::int64_t truth, const TopClasses& top, const std::optional<Likelihood>& likelihood);

  std::int64_t queries() const { return total_.queries; }
  double top1() const { return percent(total_.top1, total_.queries); }  // 0 to 100
  double top5() const { return percent(total_.top5, total_.queries); }
  // The mean of the top-1 percentages of all classes that have queries.
  double per_class_mean() const;
  const std::vector<ClassCount>& per_class() const { return per_class_; }
  const Calibration& calibration() const { return calibration_; }

  // The counts of each subset that has queries, in the order of their first classes. Empty without subsets.
  std::vector<std::pair<std::string, ClassCount>> per_subset() const;

  // All pairs of a true and a predicted class with a count above 0, including equal ones. Sorted by the true class,
  // then by the predicted one.
  std::vector<Confusion> confusion() const;

  static double percent(std::int64_t part, std::int64_t whole);

 private:
  ClassCount total_;
  Calibration calibration_;
  std::vector<std::string> subsets_;                                      // [C] or empty
  std::vector<ClassCount> per_class_;                                     // [C]
  std::map<std::pair<std::int64_t, std::int64_t>, Confusion> confusion_;  // by truth and predicted
};

}  // namespace trefoil::pipeline
