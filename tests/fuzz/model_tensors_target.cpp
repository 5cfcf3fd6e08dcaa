// The tensors of a model whose SHA-256 is right: each byte of the input decides something about them. A model that is
// accepted must classify.
#include <ATen/ops/full.h>
#include <ATen/ops/zeros.h>

#include <array>

#include "fuzz_file.h"
#include "refusal.h"
#include "run/model_file.h"

using namespace trefoil;

namespace {

constexpr std::int64_t kClasses = 2;
constexpr std::int64_t kWidth = 3;

class Choices {
 public:
  Choices(const std::uint8_t* data, std::size_t size) : data_(data), size_(size) {}

  unsigned below(unsigned limit) { return at_ < size_ ? data_[at_++] % limit : 0; }

 private:
  const std::uint8_t* data_;
  std::size_t size_;
  std::size_t at_ = 0;
};

// Two in three times a tensor of the type that is wanted; sometimes none.
torch::Tensor any_tensor(Choices& choices, torch::ScalarType wanted) {
  if (choices.below(4) == 0) return {};
  std::vector<std::int64_t> shape(choices.below(4));
  for (std::int64_t& size : shape) size = choices.below(5);
  const std::array types = {wanted, wanted, torch::kFloat, torch::kLong, torch::kDouble, torch::kInt};
  return at::full(shape, static_cast<double>(choices.below(5)) - 1, types.at(choices.below(types.size())));
}

run::Model any_model(Choices& choices) {
  run::Model model;
  model.layout = "folder";
  model.class_names.assign(kClasses, "class");
  Classifier& classifier = model.classifier;
  for (torch::Tensor* tensor : {&classifier.text, &classifier.bias, &classifier.keys, &classifier.values,
                                &classifier.weight, &classifier.divergence}) {
    *tensor = any_tensor(choices, torch::kFloat);
  }
  classifier.labels = any_tensor(choices, torch::kLong);
  classifier.channels = any_tensor(choices, torch::kLong);
  classifier.renormalise = choices.below(2) == 1;
  classifier.alpha = choices.below(2);
  classifier.gamma = choices.below(2);
  if (choices.below(3) == 0) return model;
  model.adapter.emplace();
  model.support.text = any_tensor(choices, torch::kFloat);
  model.support.images = any_tensor(choices, torch::kFloat);
  model.support.labels = any_tensor(choices, torch::kLong);
  model.support.views = any_tensor(choices, torch::kFloat);
  model.channels.index = any_tensor(choices, torch::kLong);
  model.channels.score = any_tensor(choices, torch::kDouble);
  return model;
}

}  // namespace

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  static const fuzz::Folder folder;
  const std::filesystem::path file = folder.path() / "model.safetensors";
  Choices choices(data, size);
  run::Model model = any_model(choices);
  if (choices.below(2) == 1) model.classifier.text = at::zeros({kClasses, kWidth});
  run::write_model(file, model);
  fuzz::read_or_refuse(file, [&] {
    const Classifier classifier = run::read_model(file).classifier;
    classifier.logits(at::full({1, classifier.width()}, 1.0));
  });
  return 0;
}
