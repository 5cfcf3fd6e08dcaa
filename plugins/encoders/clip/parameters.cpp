#include "parameters.h"

#include <algorithm>
#include <array>
#include <optional>
#include <stdexcept>
#include <string>
#include <utility>

#include "../three_numbers.h"

namespace clip {

namespace {

template <typename Value, std::size_t count>
using Names = std::array<std::pair<const char*, Value>, count>;

constexpr Names<Activation, 3> kActivations = {
    {{"quick_gelu", Activation::quick_gelu}, {"gelu", Activation::gelu}, {"gelu_tanh", Activation::gelu_tanh}}};
constexpr Names<trefoil::Framing, 2> kFramings = {
    {{"crop", trefoil::Framing::crop}, {"squash", trefoil::Framing::squash}}};
constexpr Names<trefoil::Interpolation, 2> kInterpolations = {
    {{"bicubic", trefoil::Interpolation::bicubic}, {"bilinear", trefoil::Interpolation::bilinear}}};

template <typename Value, std::size_t count>
std::string found_name(Value value, const Names<Value, count>& names) {
  const auto has_value = [&](const auto& entry) { return entry.second == value; };
  return std::find_if(names.begin(), names.end(), has_value)->first;
}

// Overrides a setting by a parameter, unless that is "auto".
template <typename Value, std::size_t count>
void override_setting(std::optional<Sourced<Value>>& setting, const trefoil::Parameters& parameters,
                      const char* parameter, const Names<Value, count>& names) {
  for (const auto& [name, value] : names) {
    if (parameters.text(parameter) == name) setting = {value, std::string("encoder.") + parameter};
  }
}

// Throws std::runtime_error when this processor, or the kernels, cannot compute with the reduced factors. oneDNN would
// compute with them without the instructions too, but slower than with float32, and with integers that overflow.
void require(bool supported, const std::string& instructions, const std::string& precision, bool packed) {
  if (!supported) {
    throw std::runtime_error("encoder.precision = \"" + precision + "\" needs a processor with " + instructions +
                             "; use float32");
  }
  if (!packed)
    throw std::runtime_error("encoder.precision = \"" + precision + "\" needs encoder.kernels = \"packed\" on the CPU");
}

bool has_bfloat16() { return __builtin_cpu_supports("avx512bf16") != 0; }

Factors factors_of(const std::string& precision, bool packed) {
  if (precision == "bfloat16") {
    require(has_bfloat16(), "AVX512_BF16, or --device cuda", precision, packed);
    return Factors::bfloat16;
  }
  if (precision == "int8") {
    require(__builtin_cpu_supports("avx512vnni") != 0, "AVX512_VNNI", precision, packed);
    return Factors::int8;
  }
  if (precision == "float32") return Factors::float32;
  throw std::runtime_error("encoder.precision = \"" + precision +
                           "\" needs --device cuda; use float32, bfloat16 or int8 on the CPU");
}

torch::ScalarType type_of(const std::string& precision) {
  if (precision == "float16") return torch::kHalf;
  if (precision == "bfloat16") return torch::kBFloat16;
  if (precision == "float32") return torch::kFloat;
  throw std::runtime_error("encoder.precision = \"" + precision + "\" needs --device cpu; use float16 on CUDA");
}

}  // namespace

std::string precision_of(const trefoil::Parameters& parameters, torch::Device device) {
  const std::string& precision = parameters.text("precision");
  if (precision != "auto") return precision;
  if (device.is_cuda()) return "float16";
  return has_bfloat16() && parameters.text("kernels") == "packed" ? "bfloat16" : "float32";
}

Compute compute_of(const trefoil::Parameters& parameters, torch::Device device) {
  Compute compute;
  compute.device = device;
  const std::string precision = precision_of(parameters, device);
  const bool packed = parameters.text("kernels") == "packed" && device.is_cpu();
  compute.kernels = packed ? Kernels::packed : Kernels::plain;
  if (device.is_cpu()) {
    compute.factors = factors_of(precision, packed);
  } else {
    compute.type = type_of(precision);
  }
  return compute;
}

ModelSettings settings_of(const trefoil::Parameters& parameters, const std::vector<std::filesystem::path>& files) {
  ModelSettings settings = read_model_settings(files);
  if (parameters.integer("heads") > 0) settings.vision_heads = {parameters.integer("heads"), "encoder.heads"};
  override_setting(settings.activation, parameters, "activation", kActivations);
  override_setting(settings.framing, parameters, "framing", kFramings);
  override_setting(settings.interpolation, parameters, "interpolation", kInterpolations);
  const std::string& mean = parameters.text("mean");
  if (!mean.empty()) settings.mean = {encoders::three_numbers("mean", mean), "encoder.mean"};
  const std::string& deviation = parameters.text("deviation");
  if (!deviation.empty()) {
    settings.deviation = {encoders::three_numbers("deviation", deviation), "encoder.deviation"};
  }
  return settings;
}

std::string name_of(Activation activation) { return found_name(activation, kActivations); }

std::string name_of(trefoil::Framing framing) { return found_name(framing, kFramings); }

std::string name_of(trefoil::Interpolation interpolation) { return found_name(interpolation, kInterpolations); }

}  // namespace clip
