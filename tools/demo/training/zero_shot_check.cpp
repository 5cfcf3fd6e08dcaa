#include "training/zero_shot_check.h"

#include <ATen/ops/arange.h>
#include <ATen/ops/cat.h>
#include <ATen/ops/matmul.h>
#include <ATen/ops/tensor.h>

#include <algorithm>

#include "byte_pair_tokenizer.h"
#include "text_transformer.h"
#include "training/picture_stream.h"
#include "trefoil/support.h"
#include "vision.h"
#include "weights.h"

namespace trefoil::demo {

namespace {

class Model {
 public:
  explicit Model(const ModelFiles& files) : Model(files, clip::read_weights(files.weights)) {}

  std::int64_t resolution() const { return sizes_.vision.resolution; }

  torch::Tensor images(const torch::Tensor& pixels) const { return unit_rows((*vision_)(pixels)); }

  torch::Tensor text(const std::string& text) const {
    const std::vector<std::int64_t> ids = tokenizer_.encode(text).ids;
    const auto length = std::find(ids.begin(), ids.end(), tokenizer_.end_token()) - ids.begin() + 1;
    return unit_rows(text_(torch::tensor(ids).narrow(0, 0, length).unsqueeze(0)));
  }

 private:
  Model(const ModelFiles& files, clip::Weights weights)
      : sizes_(clip::read_architecture(weights, {})),
        tokenizer_(clip::read_vocabulary(files.merges), sizes_.text.context),
        vision_(clip::make_vision_transformer(weights, sizes_, {})),
        text_(weights, sizes_, {}) {}

  clip::Architecture sizes_;
  clip::BytePairTokenizer tokenizer_;
  std::unique_ptr<clip::VisionTower> vision_;
  clip::TextTransformer text_;
};

// Returns the accuracy in percent.
double accuracy(const Model& model, const std::vector<Kind>& kinds, std::int64_t pictures_each, std::uint64_t seed) {
  std::vector<torch::Tensor> texts;
  std::map<std::string, std::int64_t> number;
  for (const Kind& kind : kinds) {
    number.emplace(name_of(kind), static_cast<std::int64_t>(texts.size()));
    texts.push_back(model.text("a photo of a " + name_of(kind) + "."));
  }
  PictureStream stream(kinds, training_conditions(), model.resolution(), seed, 1);
  const torch::Tensor all_texts = at::cat(texts);
  std::int64_t right = 0;
  for (std::int64_t round = 0; round < pictures_each; ++round) {
    const Batch batch = stream.next(static_cast<std::int64_t>(kinds.size()));
    const torch::Tensor nearest = at::matmul(model.images(batch.pixels), all_texts.t()).argmax(1);
    for (std::size_t i = 0; i < batch.kinds.size(); ++i) {
      if (nearest[static_cast<std::int64_t>(i)].item<std::int64_t>() == number.at(name_of(batch.kinds[i]))) ++right;
    }
  }
  return 100.0 * static_cast<double>(right) /
         static_cast<double>(kinds.size() * static_cast<std::size_t>(pictures_each));
}

}  // namespace

std::vector<ZeroShotAccuracy> check_zero_shot(const ModelFiles& files, std::int64_t pictures_each, std::uint64_t seed) {
  const Model model(files);
  std::vector<ZeroShotAccuracy> rows;
  for (std::size_t subset = 0; subset < subsets().size(); ++subset) {
    std::vector<Kind> seen;
    std::vector<Kind> held_out;
    for (const Kind& kind : all_kinds(subset)) (is_held_out(kind) ? held_out : seen).push_back(kind);
    // Takes as many seen kinds as held-out ones, evenly spread, so that both choices are equally hard.
    std::vector<Kind> some;
    for (std::size_t i = 0; i < held_out.size(); ++i) some.push_back(seen[i * seen.size() / held_out.size()]);
    rows.push_back({subsets()[subset].prefix, static_cast<std::int64_t>(held_out.size()),
                    accuracy(model, some, pictures_each, seed), accuracy(model, held_out, pictures_each, seed)});
  }
  return rows;
}

}  // namespace trefoil::demo
