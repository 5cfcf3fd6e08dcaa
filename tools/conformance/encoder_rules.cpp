#include <ATen/ops/empty.h>
#include <torch/cuda.h>

#include <cmath>
#include <future>

#include "conformance/kinds.h"
#include "runtime/blocks.h"
#include "runtime/instance.h"
#include "trefoil/encoder.h"

namespace trefoil::conformance {

namespace {

constexpr double kGpuTolerance = 1e-2;  // TF32 has a mantissa of ten bits

const std::vector<std::string>& texts() {
  static const std::vector<std::string> some = {"a photo of a dog.", "café", "a cat"};
  return some;
}

// Returns synthetic images [n, 3, R, R] in the pixel format: smooth waves that differ between images.
torch::Tensor pixels_for(const PixelFormat& format, std::int64_t count) {
  torch::Tensor pixels = torch::empty({count, 3, format.resolution, format.resolution});
  auto* value = pixels.data_ptr<float>();
  const std::int64_t plane = format.resolution * format.resolution;
  for (std::int64_t i = 0; i < pixels.numel(); ++i) {
    const auto channel = static_cast<std::size_t>(i / plane % 3);
    const std::int64_t frequency = i / (3 * plane) + 2;
    const auto wave = static_cast<float>(0.5 + 0.5 * std::sin(0.01 * static_cast<double>(frequency * (i % plane))));
    value[i] = (wave - format.mean.at(channel)) / format.deviation.at(channel);
  }
  return pixels;
}

// An encoder that has loaded its weights.
class Loaded {
 public:
  explicit Loaded(const Subject& subject, int threads = 1, torch::Device device = torch::kCPU)
      : encoder_(subject, threads) {
    encoder_.call("load", [&](Encoder& object) { object.load(device); });
    width_ = encoder_.call("width", [](const Encoder& object) { return object.width(); });
    format_ = encoder_.call("pixel_format", [](const Encoder& object) { return object.pixel_format(); });
  }

  torch::Tensor images(const torch::Tensor& pixels) {
    torch::Tensor features =
        encoder_.call("encode_images", [&](const Encoder& object) { return object.encode_images(pixels); });
    runtime::check_features(features, pixels.size(0), width_, encoder_.label());
    return features;
  }

  torch::Tensor texts(const std::vector<std::string>& some) {
    encoder_.call("check_texts", [&](const Encoder& object) { object.check_texts(some); });
    torch::Tensor features =
        encoder_.call("encode_texts", [&](const Encoder& object) { return object.encode_texts(some); });
    runtime::check_features(features, static_cast<std::int64_t>(some.size()), width_, encoder_.label());
    return features;
  }

  std::int64_t width() const { return width_; }
  const PixelFormat& format() const { return format_; }

 private:
  TestedPlugin<Encoder> encoder_;
  std::int64_t width_ = 0;
  PixelFormat format_;
};

void require_sound(const PixelFormat& format, std::int64_t width) {
  require(width > 0, "width() must be positive");
  require(format.resolution > 0 && format.resolution <= 4096,
          "the resolution of pixel_format() must be between 1 and 4096");
  for (const float deviation : format.deviation)
    require(deviation > 0, "the deviations of pixel_format() must be positive");
}

// Returns whether the encoder encodes texts. An encoder with class_features() instead returns features of these two
// classes or refuses them.
bool encodes_texts(const Subject& subject) {
  TestedPlugin<Encoder> encoder(subject);
  try {
    return !encoder.call("class_features",
                         [](const Encoder& object) {
                           return object.class_features({"dog", "cat"});
                         })
                .defined();
  } catch (const Refused&) {
    return false;
  }
}

void check_encoding_on_two_threads(Loaded& encoder) {
  const torch::Tensor pixels = pixels_for(encoder.format(), 2);
  const torch::Tensor expected = encoder.images(pixels);
  std::future<torch::Tensor> other = std::async(std::launch::async, [&] {
    runtime::inherit_thread_limit();
    return encoder.images(pixels);
  });
  const torch::Tensor here = encoder.images(pixels);
  require_equal(other.get(), expected, "features computed by two threads at the same time");
  require_equal(here, expected, "features computed by two threads at the same time");
}

}  // namespace

void check_encoder(const Subject& subject, Rules& rules) {
  rules.check("loads, and has a valid width and pixel format", [&] {
    const Loaded encoder(subject);
    require_sound(encoder.format(), encoder.width());
  });
  rules.check("encodes images", [&] {
    Loaded encoder(subject);
    encoder.images(pixels_for(encoder.format(), 3));
  });
  rules.check("the feature of an image does not depend on other images", [&] {
    Loaded encoder(subject);
    const torch::Tensor pixels = pixels_for(encoder.format(), 3);
    require_near(encoder.images(pixels.slice(0, 1, 2)), encoder.images(pixels).slice(0, 1, 2), kTolerance,
                 "feature alone against feature among three");
  });
  rules.check("gives the same features when loaded again, and with two threads", [&] {
    Loaded first(subject);
    Loaded second(subject, 2);
    const torch::Tensor pixels = pixels_for(first.format(), 2);
    require_equal(second.images(pixels), first.images(pixels), "features");
  });
  rules.check("two threads can encode at the same time", [&] {
    Loaded encoder(subject);
    check_encoding_on_two_threads(encoder);
  });
  rules.check("encodes texts", [&] {
    if (!encodes_texts(subject)) throw Skipped("the encoder has class features instead of texts");
    Loaded encoder(subject);
    const torch::Tensor all = encoder.texts(texts());
    require_near(encoder.texts({texts().front()}), all.slice(0, 0, 1), kTolerance,
                 "feature alone against feature among three");
  });
  rules.check("encodes an empty text", [&] {
    if (!encodes_texts(subject)) throw Skipped("the encoder has class features instead of texts");
    return allowing_refusal([&] { Loaded(subject).texts({""}); });
  });
  rules.check("gives the same features on a GPU", [&] {
    if (!torch::cuda::is_available()) throw Skipped("this computer has no CUDA device");
    Loaded here(subject);
    Loaded there(subject, 1, torch::kCUDA);
    const torch::Tensor pixels = pixels_for(here.format(), 2);
    require_near(there.images(pixels), here.images(pixels), kGpuTolerance,
                 "features on the GPU against features on the CPU");
  });
}

}  // namespace trefoil::conformance
