/// @file
/// Encoder: turns images and texts into features of one space, with frozen weights.
///
/// The host decodes, crops and scales images, keeps the features it got in the feature store, and asks again only for
/// what is not there. What decides a feature is the encoder's library, its parameters, the content of the files they
/// name, and the device: two encoders that are equal in these must give equal features.
#pragma once

#include <array>
#include <cstdint>
#include <string>
#include <vector>

#include "trefoil/descriptor.h"
#include "trefoil/tensor.h"

namespace trefoil {

/// The images that an encoder takes: squares of `resolution` pixels, RGB, each channel (value / 255 − mean) /
/// deviation. The defaults are CLIP's.
struct PixelFormat {
  std::int64_t resolution = 224;                                             ///< R, the pixels of a side
  std::array<float, 3> mean = {0.48145466F, 0.4578275F, 0.40821073F};        ///< of red, green and blue, each in 0 to 1
  std::array<float, 3> deviation = {0.26862954F, 0.26130258F, 0.27577711F};  ///< the same; above 0
};

/// The interface of an encoder. `load` and `check_texts` may use the Host, and nothing else may. Throw std::exception
/// to refuse, with a message the user can act on.
class Encoder : public Plugin {
 public:
  static constexpr PluginKind kind = PluginKind::encoder;  ///< for TREFOIL_ENCODER

  ~Encoder() override;  ///< in the core, so that all libraries share one type

  /// Reads the weights and brings them to `device`. Called once, before everything below but `class_features`, and only
  /// when there is something to encode; the constructor should be cheap. May use the Host.
  virtual void load(torch::Device device) = 0;

  /// D, the width of both kinds of feature.
  virtual std::int64_t width() const = 0;

  /// What `encode_images` takes.
  virtual PixelFormat pixel_format() const = 0;

  /// Throws when one of the texts cannot be encoded in the way that the parameters ask for, and warns of what is lost.
  /// Called before they are encoded. May use the Host.
  virtual void check_texts(const std::vector<std::string>& texts) const;

  /// pixels [n, 3, R, R] float32 on the CPU, in the pixel format -> [n, D] float32 on the CPU, as the network gives
  /// them: the host normalises, because augmented views are averaged before they are. A feature must not depend on the
  /// other images of the call. Called from several threads at once: it must not use the Host.
  virtual torch::Tensor encode_images(const torch::Tensor& pixels) const = 0;

  /// n texts in UTF-8 -> [n, D] float32 on the CPU, not normalised; as above, also from several threads.
  virtual torch::Tensor encode_texts(const std::vector<std::string>& texts) const = 0;

  /// The numbers that the texts are read as, [n, t] int64, for those who want to look; undefined when there are none.
  virtual torch::Tensor tokens(const std::vector<std::string>& texts) const;

  /// For an encoder of images only, which brings features of the classes instead: class names -> [C, D] float32 on the
  /// CPU, which the host normalises; undefined, as here, for any other. When it returns something, prompts are not
  /// used. Called before `load`, and also without it.
  virtual torch::Tensor class_features(const std::vector<std::string>& class_names) const;
};

}  // namespace trefoil

/// TREFOIL_ENCODER(Class, "name", "version", "one-line summary" [, array of Parameter]), once at the end of the source,
/// outside namespaces. Class derives from trefoil::Encoder.
#define TREFOIL_ENCODER(Class, ...) TREFOIL_PLUGIN(trefoil::Encoder, Class, __VA_ARGS__)
