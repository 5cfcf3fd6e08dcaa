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

// Row numbers, rising, of the images that `shots` leaves over: those beyond the first `shots` of their class.
torch::Tensor left_over(const torch::Tensor& labels, std::int64_t class_count, std::int64_t shots);

// Which classes have a zero row in `text`, that is, no text feature.
std::vector<std::int64_t> classes_without_text(const Support& support);

// Gives each class without text an estimate of it from its mean image m_i:
//   W_i = W̄ + ρ (m_i − m̄), then scaled to unit length,
// where W̄ and m̄ are means, and ρ the least-squares slope, over the classes that have both. Texts and images lie apart
// (the modality gap of Liang et al., NeurIPS 2022), and mean images spread further than texts: taken as they are, they
// would win against every text. With one such class ρ is 1; with none there is nothing to match, and the mean image is
// used as it is. A class with neither keeps its zero row. Images of `estimated` [C] bool classes (undefined: none) tell
// nothing of texts. Returns a line for the log.
std::string fill_missing_text(Support& support, const std::vector<std::string>& class_names,
                              const torch::Tensor& estimated = {});

// Which classes have a text and no image: [C] bool.
torch::Tensor lacks_images(const Support& support);

// Gives each of these classes an estimate of an image by the same line the other way round, m_i = m̄ + ρ (W_i − W̄), as
// many times as the other classes have images on the average. Without it, such a class has no evidence of its own among
// the cached images, and loses against those that have: the more, the greater α is. The line is that of the classes
// with images and a text of their own, `has_text` [C] bool. Returns a line for the log.
std::string fill_missing_images(Support& support, const torch::Tensor& has_text);

}  // namespace trefoil::data
