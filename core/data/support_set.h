// Building the support out of stored features: order, number of shots, missing texts.
#pragma once

#include <cstdint>
#include <string>
#include <vector>

#include "trefoil/support.h"

namespace trefoil::data {

// Sorted by class, rows of one class in the order given, at most `shots` of each class (0: all).
// images [M, D] and labels [M] in any order.
Support make_support(const torch::Tensor& text, const torch::Tensor& images, const torch::Tensor& labels,
                     std::int64_t shots);

// Which classes have a zero row in `text`, that is, no text feature.
std::vector<std::int64_t> classes_without_text(const Support& support);

// Gives each class without text its mean image, moved by the mean difference between text and mean image over the
// classes that have both: the two kinds of feature lie apart (the modality gap of Liang et al., NeurIPS 2022), and an
// unmoved mean image would win against every text. When no class has a text there is no gap to correct, and the mean
// image is used as it is. A class with neither keeps its zero row. Returns a line for the log.
std::string fill_missing_text(Support& support, const std::vector<std::string>& class_names);

}  // namespace trefoil::data
