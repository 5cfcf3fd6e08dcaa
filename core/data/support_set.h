// Builds the support from features: sorts by class, limits the number of shots, estimates missing texts and images.
#pragma once

#include <cstdint>
#include <string>
#include <vector>

#include "trefoil/support.h"

namespace trefoil::data {

// Returns the support with its rows sorted by class, and at most the first `shots` rows of each class (0: all). images
// [M, D] and labels [M] may be in any order. Rows of one class keep their order.
Support make_support(const torch::Tensor& text, const torch::Tensor& images, const torch::Tensor& labels,
                     std::int64_t shots);

// Returns the row numbers, in ascending order, of the images after the first `shots` of their class.
torch::Tensor left_over(const torch::Tensor& labels, std::int64_t class_count, std::int64_t shots);

// Returns the classes whose text row is zero, which means that they have no text feature.
std::vector<std::int64_t> classes_without_text(const Support& support);

// Estimates the text feature W_i of each class without text from its mean image m_i:
//   W_i = W̄ + ρ (m_i − m̄), then scaled to unit length,
// where W̄ and m̄ are means, and ρ is the least-squares slope, over the classes that have both. The mean image itself is
// not used, because texts and images are in different regions (the modality gap of Liang et al., NeurIPS 2022), and
// mean images vary more than texts: they would have larger logits than every text. With one class that has both, ρ
// is 1. With none, the mean image is used as it is. A class without text and images keeps its zero row. The images of
// classes in `estimated` [C] bool (undefined: none) were estimated from their texts and are not used. Returns a line
// for the log.
std::string fill_missing_text(Support& support, const std::vector<std::string>& class_names,
                              const torch::Tensor& estimated = {});

// Returns which classes have a text and no image: [C] bool.
torch::Tensor lacks_images(const Support& support);

// Estimates an image feature for each class that lacks_images finds, from its text: m_i = m̄ + ρ (W_i − W̄), scaled to
// unit length. The fit uses the classes that have images and a given text, `has_text` [C] bool. The estimate is added
// as often as the other classes have images on average. Without it, such a class has no cache logits and loses against
// the other classes, the more the larger α is. Returns a line for the log, or "" when no class lacks images.
std::string fill_missing_images(Support& support, const torch::Tensor& has_text);

}  // namespace trefoil::data
