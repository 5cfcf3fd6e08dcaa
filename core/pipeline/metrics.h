// Metrics: how often the right class was first, or among the first five.
#pragma once

#include <cstdint>
#include <map>
#include <string>
#include <utility>
#include <vector>

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
  std::vector<std::int64_t> examples;  // numbers of the first few queries of them
};

// Counts over any number of queries, in memory that depends on the classes only.
class Metrics {
 public:
  // `subsets` [C]: which part of the data each class belongs to; empty when there are none.
  explicit Metrics(std::int64_t class_count, std::vector<std::string> subsets = {});

  // `query` is its number.
  void add(std::int64_t query, std::int64_t truth, const TopClasses& top);

  std::int64_t queries() const { return total_.queries; }
  double top1() const { return percent(total_.top1, total_.queries); }  // 0 to 100
  double top5() const { return percent(total_.top5, total_.queries); }
  // The mean of the classes' top-1 percentages, over classes with queries.
  double per_class_mean() const;
  const std::vector<ClassCount>& per_class() const { return per_class_; }

  // By subset, those with queries, in order of their first class; empty when there are no subsets.
  std::vector<std::pair<std::string, ClassCount>> per_subset() const;

  // Pairs of classes, right ones on the diagonal included, with a count above zero; by truth, then predicted.
  std::vector<Confusion> confusion() const;

  static double percent(std::int64_t part, std::int64_t whole);

 private:
  ClassCount total_;
  std::vector<std::string> subsets_;                                      // [C] or empty
  std::vector<ClassCount> per_class_;                                     // [C]
  std::map<std::pair<std::int64_t, std::int64_t>, Confusion> confusion_;  // by truth and predicted
};

}  // namespace trefoil::pipeline
