/// @file
/// Encoder: computes features of images and texts in a common space, with frozen weights.
///
/// The host decodes, crops and scales the images. It keeps features in the feature store and encodes only what is not
/// stored yet. The store identifies an encoder by its library, its parameters, the content of the files that they name,
/// the device, and its `variant` there. Two encoders that are equal in these must compute equal features.
#pragma once

#include <cstdint>
#include <filesystem>
#include <string>
#include <vector>

#include "trefoil/descriptor.h"
#include "trefoil/pixel_format.h"
#include "trefoil/tensor.h"

namespace trefoil {

/// The interface of an encoder. Only `load` and `check_texts` may use the Host. To report an error, throw an exception
/// derived from std::exception, with a message that tells the user what to do.
class Encoder : public Plugin {
 public:
  static constexpr PluginKind kind = PluginKind::encoder;  ///< used by TREFOIL_ENCODER

  ~Encoder() override;  ///< defined in the core, so that all libraries share one type

  /// Reads the weights and moves them to `device`. The host calls it once, before all methods below except
  /// `class_features`, and only if there is something to encode. So reading files belongs here, not into the
  /// constructor. May use the Host. Throws if the weights cannot be used.
  virtual void load(torch::Device device) = 0;

  /// Returns D, the number of channels of image features and of text features.
  virtual std::int64_t width() const = 0;

  /// Returns the format of the pixels that `encode_images` receives.
  virtual PixelFormat pixel_format() const = 0;

  /// Returns the files that decide the features, besides those that the parameters name. For example, a configuration
  /// that is looked for beside the weights. The host calls it before `load`, and takes features from the feature store
  /// only if the contents of these files are the same. The default returns none.
  virtual std::vector<std::filesystem::path> files() const;

  /// Returns what else decides the features on this machine, for example the precision that the value "auto" of a
  /// parameter stands for on this processor. The host calls it before `load`, with the same device, and takes features
  /// from the feature store only if the text is the same. Throws if the parameters cannot be used on the device. The
  /// default returns "".
  virtual std::string variant(torch::Device device) const;

  /// Throws if a text cannot be encoded as the parameters demand. Logs a warning if a part of a text is lost. The host
  /// calls it before it encodes the texts. May use the Host. The default accepts all texts.
  virtual void check_texts(const std::vector<std::string>& texts) const;

  /// Returns the features [n, D] of images: float32, on the CPU, not normalised. (The host normalises them after it has
  /// averaged augmented views.) pixels [n, 3, R, R] is float32, on the CPU, in the pixel format. The feature of an
  /// image must not depend on the other images of the call. Several threads call it at the same time, so it must not
  /// use the Host.
  virtual torch::Tensor encode_images(const torch::Tensor& pixels) const = 0;

  /// Returns the features [n, D] of n texts in UTF-8: float32, on the CPU, not normalised. The feature of a text must
  /// not depend on the other texts of the call. Several threads call it at the same time, so it must not use the Host.
  virtual torch::Tensor encode_texts(const std::vector<std::string>& texts) const = 0;

  /// Returns the token ids [n, t] int64 of n texts, for inspection only. The default returns an undefined tensor: the
  /// encoder has no tokens.
  virtual torch::Tensor tokens(const std::vector<std::string>& texts) const;

  /// For encoders that encode only images and read class features from elsewhere. Returns the features [C, D] of the
  /// classes, in the order of `class_names`: float32, on the CPU; the host normalises them. The host then uses no
  /// prompts. The default returns an undefined tensor: the classes are encoded as texts. The host may call it before
  /// `load`, or without it.
  virtual torch::Tensor class_features(const std::vector<std::string>& class_names) const;
};

}  // namespace trefoil

/// Exports an encoder: TREFOIL_ENCODER(Class, "name", "version", "one-line summary" [, array of Parameter]). Use it
/// once, at the end of the source, outside all namespaces. Class derives from trefoil::Encoder.
#define TREFOIL_ENCODER(Class, ...) TREFOIL_PLUGIN(trefoil::Encoder, Class, __VA_ARGS__)
