// KeyLayout: where classes and keys stand in the search's arrays, so that all inner loops run along the classes.
#pragma once

#include <cstdint>
#include <vector>

#include "search/row_kernels.h"
#include "trefoil/classifier.h"

namespace trefoil::search {

class KeyLayout {
 public:
  explicit KeyLayout(const Classifier& classifier);

  std::int64_t class_lanes() const { return class_lanes_; }  // C in whole lanes
  std::int64_t key_lanes() const { return key_lanes_; }      // M, and the gaps that whole lanes leave
  std::int64_t class_place(std::int64_t label) const { return class_place_[static_cast<std::size_t>(label)]; }
  std::int64_t key_place(std::int64_t key) const { return key_place_[static_cast<std::size_t>(key)]; }
  Slots slots() const;

  // Columns of classes [n, C] at their places [n, class lanes], `gap` elsewhere.
  torch::Tensor by_class(const torch::Tensor& columns, float gap) const;
  // Likewise of keys [n, M], zero elsewhere.
  torch::Tensor by_key(const torch::Tensor& columns) const;

 private:
  std::int64_t class_lanes_ = 0;
  std::int64_t key_lanes_ = 0;
  std::vector<std::int64_t> class_place_;  // [C], most keys first
  std::vector<std::int64_t> key_place_;    // [M]
  std::vector<std::int64_t> slot_starts_;
  std::vector<std::int64_t> slot_lengths_;
};

}  // namespace trefoil::search
