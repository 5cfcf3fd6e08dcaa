// The training of the small CLIP: its vocabulary, its network against the plugin's, and that it learns.
#include "training/training.h"

#include <ATen/ops/arange.h>
#include <ATen/ops/from_blob.h>
#include <ATen/ops/full.h>

#include <map>

#include "encoders/clip/text_transformer.h"
#include "encoders/clip/vision.h"
#include "encoders/clip/vocabulary.h"
#include "support/catch.h"
#include "support/clip_model.h"
#include "support/files.h"
#include "support/problem.h"
#include "training/merges.h"
#include "world/caption.h"

using namespace trefoil;
using namespace trefoil::demo;
using namespace tests;

namespace {

clip::BytePairTokenizer world_tokenizer(const TemporaryFolder& folder) {
  return clip::BytePairTokenizer(clip::read_vocabulary(folder.write("merges.txt", merges_for(all_words()))), 20);
}

clip::Architecture tiny_sizes(std::int64_t vocabulary) {
  clip::Architecture sizes;
  sizes.width = 24;
  sizes.vision.resolution = 32;
  sizes.vision.patch = 16;
  sizes.vision.grid = 2;
  sizes.vision.transformer = {64, 2, 1};
  sizes.text.transformer = {64, 2, 1};
  sizes.text.context = 20;
  sizes.text.vocabulary = vocabulary;
  return sizes;
}

std::vector<Kind> some_kinds() {
  std::vector<Kind> kinds = all_kinds(0);
  kinds.resize(40);
  return kinds;
}

}  // namespace

TEST_CASE("the merges make one token of each word of the world", "[demo]") {
  const TemporaryFolder folder;
  const clip::BytePairTokenizer tokenizer = world_tokenizer(folder);
  for (const std::string& word : all_words()) {
    CAPTURE(word);
    REQUIRE(tokenizer.encode(word).ids[2] == tokenizer.end_token());
  }
  REQUIRE(merges_for({"abc"}) == "#version: 0.2\na b\nab c</w>\n");
}

TEST_CASE("the network that is trained is the one that the plugin runs", "[demo]") {
  const TemporaryFolder folder;
  const clip::BytePairTokenizer tokenizer = world_tokenizer(folder);
  const Network network(tiny_sizes(tokenizer.vocabulary_size()), 2);
  NamedTensors tensors;
  for (const auto& [name, tensor] : network.weights()) tensors[name] = tensor.detach();
  write_tensors(folder / "model.safetensors", tensors);
  clip::Weights weights = clip::read_weights(folder / "model.safetensors");
  const clip::Architecture sizes = clip::read_architecture(weights, {});
  clip::Architecture trained = tiny_sizes(0);
  trained.heads_source = sizes.heads_source;
  REQUIRE(sizes.description() == trained.description());
  const auto vision = clip::make_vision_transformer(weights, sizes, {});
  const clip::TextTransformer text(weights, sizes, {});

  const torch::Tensor pixels = normal_numbers({3, 3, 32, 32}, 4).to(torch::kFloat);
  REQUIRE(largest_difference(network.images(pixels, {}), (*vision)(pixels)) < 1e-4);
  // These are the same patches, named one by one in another order.
  const torch::Tensor patches = torch::arange(4).flip(0).expand({3, 4});
  REQUIRE(largest_difference(network.images(pixels, patches), (*vision)(pixels)) < 1e-4);

  std::vector<std::int64_t> ids = tokenizer.encode("a photo of a striped red star.").ids;
  const torch::Tensor tokens = torch::from_blob(ids.data(), {1, 20}, torch::kLong);
  const std::int64_t end = (tokens == tokenizer.end_token()).nonzero()[0][1].item<std::int64_t>();
  const torch::Tensor expected = text(tokens.narrow(1, 0, end + 1));
  REQUIRE(largest_difference(network.texts(tokens, torch::full({1}, end, torch::kLong)), expected) < 1e-4);
}

TEST_CASE("training lowers the loss, the same with any number of threads", "[demo]") {
  const TemporaryFolder folder;
  const clip::BytePairTokenizer tokenizer = world_tokenizer(folder);
  std::vector<double> last;
  for (const int threads : {1, 2}) {
    Network network(tiny_sizes(tokenizer.vocabulary_size()), 2);
    PictureStream stream(some_kinds(), training_conditions(), 32, 1, threads);
    TrainingOptions options;
    options.steps = 12;
    options.batch = 40;
    options.threads = threads;
    std::vector<double> losses;
    train(network, tokenizer, stream, options, [&](const TrainingStep& step) { losses.push_back(step.loss); });
    REQUIRE(losses.size() == 12);
    REQUIRE(losses.back() < losses.front());
    last.push_back(losses.back());
  }
  REQUIRE(last[0] == last[1]);
}

TEST_CASE("a stream shows every kind as often as any other, and none twice in a batch", "[demo]") {
  PictureStream stream(some_kinds(), training_conditions(), 16, 1, 1);
  std::map<std::string, int> shown;
  for (int i = 0; i < 4; ++i) {
    const Batch batch = stream.next(20);
    REQUIRE(batch.pixels.sizes() == torch::IntArrayRef({20, 3, 16, 16}));
    for (const Kind& kind : batch.kinds) ++shown[name_of(kind)];
  }
  REQUIRE(shown.size() == 40);
  for (const auto& [name, count] : shown) REQUIRE(count == 2);
}
