/// @file
/// Classifier: the one value that a relation makes, a head trains, and the host applies to the queries.
#pragma once

#include <cstdint>
#include <functional>

#include "trefoil/tensor.h"

namespace trefoil {

/// For a query f [D] of unit length, and f' its kept channels (of unit length again if `renormalise`):
/// @code{.unparsed}
/// logits(f) = s · f textᵀ + bias
///           + α · Σ_m  weight_m · exp(γ · divergence_m) · exp(−β (1 − f'·keys_m)) · onehot(label_m)
/// @endcode
/// With M = 0 keys this is a linear classifier (zero-shot CLIP). With all channels and γ = 0 it is Tip-Adapter (Zhang
/// et al., ECCV 2022). With selected channels and γ it is APE's three-way relation (Zhu et al., ICCV 2023): of test
/// image and text (first term), test image and cached images (the kernel), cached images and text (the divergence).
///
/// Floating tensors are of one type, all tensors on one device. Every field but `text` may be undefined, meaning
/// "none"; with `keys` there must be `labels`, one for each key, in [0, C), which `logits` does not check.
struct Classifier {
  torch::Tensor text;        ///< [C, D]  one row per class; not of unit length where a head has trained it
  torch::Tensor bias;        ///< [C]     added to the logits; undefined: 0
  torch::Tensor keys;        ///< [M, Q]  restricted to `channels`, and normalised again if `renormalise`
  torch::Tensor labels;      ///< [M]     int64, the class of each key
  torch::Tensor weight;      ///< [M]     trained weight of each key; undefined: 1
  torch::Tensor divergence;  ///< [M]     how far each key is from its class's text, with the sign it counts by;
                             ///<         undefined: 0
  torch::Tensor channels;    ///< [Q]     int64, the columns of f that `keys` hold; undefined: all D of them
  bool renormalise = false;  ///< scale f' to unit length before comparing it with `keys`

  double logit_scale = 100;  ///< s, CLIP's: exp of its trained temperature
  double alpha = 0;          ///< α, weight of the cache against the text
  double beta = 1;           ///< β, sharpness of the kernel
  double gamma = 0;          ///< γ, how much a key's divergence changes its weight

  /// For relations and heads that are not of the form above: used instead of it when set. [n, D] -> [n, C], float32 or
  /// float64, finite, on the query's device. Called from several threads at once: it must not call the Host. It may use
  /// the plugin that made it, which outlives the classifier.
  std::function<torch::Tensor(const Classifier& self, const torch::Tensor& query)> custom_logits;

  std::int64_t class_count() const { return text.size(0); }                     ///< C
  std::int64_t width() const { return text.size(1); }                           ///< D
  std::int64_t key_count() const { return keys.defined() ? keys.size(0) : 0; }  ///< M

  /// query [n, D], unit rows, of the classifier's type and device -> logits [n, C]. Const and safe to call from several
  /// threads. Work and memory are O(n·(C·D + M·Q)) and O(n·(C + M)): pass blocks, not a whole test set. LibTorch throws
  /// c10::Error for a query of another width, type or device; what `custom_logits` throws passes on.
  torch::Tensor logits(const torch::Tensor& query) const;

  /// The same classifier with its tensors on `device`. What `custom_logits` captured stays where it is.
  Classifier to(torch::Device device) const;
};

/// weight_m · exp(γ · divergence_m) for every key: [M], of the keys' type and device. There must be a key.
torch::Tensor effective_weight(const Classifier& classifier);

}  // namespace trefoil
