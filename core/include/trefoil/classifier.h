/// @file
/// Classifier: a relation builds it, a head trains it, and the host applies it to the queries.
#pragma once

#include <cstdint>
#include <functional>

#include "trefoil/tensor.h"

namespace trefoil {

/// A classifier computes the logits of a query f [D] of unit length. f' is f restricted to the selected channels, and
/// scaled to unit length again if `renormalise` is set:
/// @code{.unparsed}
/// logits(f) = s · f textᵀ + bias
///           + α · Σ_m  weight_m · exp(γ · divergence_m) · exp(−β (1 − f'·keys_m)) · value_m
/// @endcode
/// The first line of the formula is the text logits, the second line is the cache logits. value_m is row m of `values`,
/// or onehot(labels_m) if `values` is undefined. Special cases:
///   - M = 0 keys: a linear classifier (zero-shot CLIP)
///   - all channels and γ = 0: Tip-Adapter (Zhang et al., ECCV 2022)
///   - selected channels and γ > 0: the three-way relation of APE (Zhu et al., ICCV 2023), between test image and text
///     (text logits), test image and cached images (kernel), cached images and text (divergence)
///   - `values`, all channels and γ = 0: kernel ridge regression (ProKeR, Bendou et al., CVPR 2025)
///
/// All floating tensors have one type, and all tensors are on one device. Every tensor except `text` may be undefined.
/// If `keys` is defined, `labels` must hold one label in [0, C) for each key, also with `values`; `logits` does not
/// check that.
struct Classifier {
  torch::Tensor text;        ///< [C, D]  one row per class; a head may change the length of rows
  torch::Tensor bias;        ///< [C]     added to the logits; undefined: 0
  torch::Tensor keys;        ///< [M, Q]  cached features in `channels`; of unit length if `renormalise`; may have all D
                             ///<         columns if `custom_logits` is set
  torch::Tensor labels;      ///< [M]     int64, the class of each key
  torch::Tensor values;      ///< [M, C]  what each key adds to the logits; undefined: the one-hot labels
  torch::Tensor weight;      ///< [M]     weight of each key; undefined: 1
  torch::Tensor divergence;  ///< [M]     signed divergence of each key from the text of its class; undefined: 0
  torch::Tensor channels;    ///< [Q]     int64, the columns of f that `keys` holds; undefined: all D columns
  bool renormalise = false;  ///< whether f' is scaled to unit length before it is compared with `keys`

  double logit_scale = 100;  ///< s, factor on the text logits; CLIP: exp of its trained temperature
  double alpha = 0;          ///< α, weight of the cache logits against the text logits
  double beta = 1;           ///< β, sharpness of the kernel
  double gamma = 0;          ///< γ, effect of a key's divergence on its weight

  /// Replaces the formula above, if set, for relations and heads of another form. Returns the logits [n, C] of query
  /// [n, D]: float32 or float64, finite, on the query's device. Several threads call it at the same time, so it must
  /// not use the Host. It may use the plugin object that made it, because that object outlives the classifier. `self`
  /// is the classifier that `logits` was called on.
  std::function<torch::Tensor(const Classifier& self, const torch::Tensor& query)> custom_logits;

  std::int64_t class_count() const { return text.size(0); }                     ///< C, the number of classes
  std::int64_t width() const { return text.size(1); }                           ///< D, the number of feature channels
  std::int64_t key_count() const { return keys.defined() ? keys.size(0) : 0; }  ///< M, the number of keys

  /// Returns the logits [n, C] of query [n, D]: unit rows of the classifier's type, on its device. Safe to call from
  /// several threads. Takes O(n·(C·D + M·Q)) time, and O(n·M·C) more with `values`. Takes O(n·(C + M)) memory, so pass
  /// blocks of queries rather than a whole test set. LibTorch throws c10::Error if the query has another width, type or
  /// device. Exceptions of `custom_logits` pass through.
  torch::Tensor logits(const torch::Tensor& query) const;

  /// Returns a copy with all tensors on `device`. Tensors that `custom_logits` has captured are not moved.
  Classifier to(torch::Device device) const;
};

/// Returns weight_m · exp(γ · divergence_m) of every key: [M], of the keys' type, on their device. `keys` must be
/// defined.
torch::Tensor effective_weight(const Classifier& classifier);

}  // namespace trefoil
