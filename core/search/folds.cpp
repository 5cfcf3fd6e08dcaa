#include "search/folds.h"

#include <ATen/ops/ones.h>
#include <ATen/ops/tensor.h>

#include <algorithm>
#include <set>

#include "data/equal_rows.h"

namespace trefoil::search {

namespace {

constexpr std::int64_t kNoFold = -1;

// Equal rows of the support form one group, which is named by its first row.
struct Groups {
  explicit Groups(const Support& support)
      : first(data::first_equal_rows(support.images)), one_class(first.size(), true) {
    const auto* label = support.labels.data_ptr<std::int64_t>();
    for (std::size_t row = 0; row < first.size(); ++row) {
      const auto group = static_cast<std::size_t>(first[row]);
      if (label[row] != label[group]) one_class[group] = false;
    }
  }

  std::vector<std::int64_t> first;  // of each row: its group
  std::vector<bool> one_class;      // of each group: whether all of its rows have one label
};

// Returns the fold of each row of one class, [begin, end): the groups take turns.
std::vector<std::int64_t> folds_of_class(const Groups& groups, std::int64_t begin, std::int64_t end,
                                         std::int64_t most) {
  std::vector<std::int64_t> seen;  // the groups of the class, in the order of their first rows
  std::vector<std::int64_t> result;
  for (std::int64_t row = begin; row < end; ++row) {
    const std::int64_t group = groups.first[static_cast<std::size_t>(row)];
    const auto found = std::find(seen.begin(), seen.end(), group);
    const std::int64_t shot = found - seen.begin();
    if (found == seen.end()) seen.push_back(group);
    result.push_back(groups.one_class[static_cast<std::size_t>(group)] ? shot % most : kNoFold);
  }
  if (seen.size() < 2) result.assign(result.size(), kNoFold);
  return result;
}

}  // namespace

std::vector<Rows> folds(const Support& support, const torch::Tensor& estimated, std::int64_t most) {
  const Groups groups(support);
  const torch::Tensor counts = class_counts(support.labels, support.class_count());
  std::vector<Rows> result;
  std::int64_t begin = 0;
  for (std::int64_t label = 0; label < support.class_count(); ++label) {
    const std::int64_t end = begin + counts[label].item<std::int64_t>();
    const bool made_from_text = estimated.defined() && estimated[label].item<bool>();
    const std::vector<std::int64_t> fold_of = made_from_text ? Rows(static_cast<std::size_t>(end - begin), kNoFold)
                                                             : folds_of_class(groups, begin, end, most);
    for (std::int64_t row = begin; row < end; ++row) {
      const std::int64_t fold = fold_of[static_cast<std::size_t>(row - begin)];
      if (fold == kNoFold) continue;
      if (static_cast<std::size_t>(fold) >= result.size()) result.resize(static_cast<std::size_t>(fold) + 1);
      result[static_cast<std::size_t>(fold)].push_back(row);
    }
    begin = end;
  }
  return result;
}

bool have_equal_rows(const std::vector<Rows>& folds, const Support& support) {
  std::set<std::string_view> seen;
  for (const Rows& fold : folds) {
    for (const std::int64_t row : fold) {
      if (!seen.insert(data::row_bytes(support.images, row)).second) return true;
    }
  }
  return false;
}

Support without(const Support& support, const Rows& rows) {
  torch::Tensor kept = torch::ones({support.image_count()}, torch::kBool);
  kept.index_fill_(/*dim=*/0, at::tensor(rows, torch::kLong), false);
  const torch::Tensor index = kept.nonzero().squeeze(1);
  Support result{support.text, support.images.index_select(0, index), support.labels.index_select(0, index)};
  if (support.views.defined()) result.views = support.views.index_select(1, index);
  return result;
}

}  // namespace trefoil::search
