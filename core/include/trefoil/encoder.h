// Encoder: turns images and texts into features of one space, with frozen weights.
// The host loads and lists encoders; it does not call them yet, because experiments start from features so far.
#pragma once

#include <cstdint>
#include <string>
#include <vector>

#include "trefoil/descriptor.h"
#include "trefoil/tensor.h"

namespace trefoil {

class Encoder : public Plugin {
 public:
  static constexpr PluginKind kind = PluginKind::encoder;

  ~Encoder() override;

  // D, the width of both kinds of feature.
  virtual std::int64_t width() const = 0;

  // R, the side of the square images it takes, in pixels.
  virtual std::int64_t resolution() const = 0;

  // pixels [n, 3, R, R] float32, RGB, already scaled and normalised -> [n, D] float32, as the network gives them: the
  // host normalises, because augmented views are averaged before they are.
  virtual torch::Tensor encode_images(const torch::Tensor& pixels) const = 0;

  // n texts in UTF-8 -> [n, D] float32, not normalised.
  virtual torch::Tensor encode_texts(const std::vector<std::string>& texts) const = 0;
};

}  // namespace trefoil

// TREFOIL_ENCODER(Class, "name", "version", "one-line summary" [, array of Parameter])
#define TREFOIL_ENCODER(Class, ...) TREFOIL_PLUGIN(trefoil::Encoder, Class, __VA_ARGS__)
