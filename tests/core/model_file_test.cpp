// model.safetensors: written and read back, and every way in which one can be wrong.
#include "run/model_file.h"

#include <ATen/ops/full.h>
#include <ATen/ops/rand.h>
#include <ATen/ops/tensor.h>
#include <ATen/ops/zeros.h>

#include <cmath>
#include <functional>
#include <limits>

#include "base/atomic_file.h"
#include "base/errors.h"
#include "formats/array_header.h"
#include "formats/safetensors_writer.h"
#include "support/catch.h"
#include "support/files.h"

using namespace tests;
using trefoil::Classifier;
using trefoil::run::AdapterRecipe;
using trefoil::run::EncoderRecipe;
using trefoil::run::Model;
using trefoil::run::read_model;
using trefoil::run::write_model;

namespace {

constexpr torch::Tensor Classifier::*kTensors[] = {&Classifier::text,       &Classifier::bias,    &Classifier::keys,
                                                   &Classifier::labels,     &Classifier::values,  &Classifier::weight,
                                                   &Classifier::divergence, &Classifier::channels};

// C = 3, D = 6, M = 4, Q = 2, with every field set.
Model full_model() {
  Model model;
  model.experiment = "größe \"1\"";
  model.layout = "track1";
  model.classifier.text = torch::rand({3, 6});
  model.classifier.bias = torch::rand({3});
  model.classifier.keys = torch::rand({2, 4}).t();  // its numbers do not lie row by row
  model.classifier.labels = torch::tensor({0, 0, 2, 2}, torch::kLong);
  model.classifier.values = torch::rand({3, 4}).t();
  model.classifier.weight = torch::rand({4});
  model.classifier.divergence = torch::rand({4});
  model.classifier.channels = torch::tensor({5, 1}, torch::kLong);
  model.classifier.renormalise = true;
  model.classifier.logit_scale = std::nextafter(100.0, 0.0);
  model.classifier.alpha = 1.0 / 3;
  model.classifier.beta = 5e-324;
  model.classifier.gamma = -0.1;
  model.class_names = {"Bear", "Polar bear", "寿司"};
  model.subsets = {"Animal", "Animal", "Food-101"};
  model.encoder =
      EncoderRecipe{"clip", {"weights=\"/a b/\\\"ViT\\\".pt\"", "batch=3"}, {{"encoder", "clip"}, {"pixels", 1}}};
  model.warnings = {"chosen on test labels"};
  return model;
}

// The same model with an adapter.
Model transductive_model() {
  Model model = full_model();
  model.adapter =
      AdapterRecipe{"balanced", "1.0.0", {"strength=0.25", "priors=\"/a b/p.txt\""}, {{"priors", "9f86"}}, 7};
  model.support = {torch::rand({3, 6}), torch::rand({4, 6}), torch::tensor({0, 0, 2, 2}, torch::kLong),
                   torch::rand({2, 4, 6})};
  model.channels = {torch::tensor({5, 1}, torch::kLong), torch::rand({6}, torch::kDouble)};
  return model;
}

bool equal(const Classifier& left, const Classifier& right) {
  for (const auto field : kTensors) {
    const torch::Tensor& a = left.*field;
    const torch::Tensor& b = right.*field;
    if (a.defined() != b.defined()) return false;
    if (a.defined() && (a.scalar_type() != b.scalar_type() || !a.equal(b))) return false;
  }
  return left.renormalise == right.renormalise && left.logit_scale == right.logit_scale && left.alpha == right.alpha &&
         left.beta == right.beta && left.gamma == right.gamma;
}

// The error message for a good model that `spoil` has changed.
std::string complaint(const std::function<void(Model&)>& spoil) {
  const TemporaryFolder folder;
  Model model = full_model();
  spoil(model);
  write_model(folder / "model.safetensors", model);
  try {
    read_model(folder / "model.safetensors");
  } catch (const trefoil::DataError& error) {
    REQUIRE_THAT(error.what(), ContainsSubstring((folder / "model.safetensors").string() + ": ") &&
                                   ContainsSubstring("run the experiment again"));
    return error.what();
  }
  return "nothing";
}

std::string complaint_about(const std::filesystem::path& file) {
  try {
    read_model(file);
  } catch (const trefoil::DataError& error) {
    REQUIRE_THAT(error.what(), ContainsSubstring(file.string() + ": "));
    return error.what();
  }
  return "nothing";
}

std::string replaced(std::string bytes, const std::string& before, const std::string& now) {
  REQUIRE(before.size() == now.size());
  return bytes.replace(bytes.find(before), before.size(), now);
}

}  // namespace

TEST_CASE("a model is read as it was written, to the bit", "[model]") {
  const TemporaryFolder folder;
  const Model written = full_model();
  write_model(folder / "model.safetensors", written);
  const Model model = read_model(folder / "model.safetensors");
  REQUIRE(equal(model.classifier, written.classifier));
  REQUIRE(model.experiment == written.experiment);
  REQUIRE(model.layout == written.layout);
  REQUIRE(model.class_names == written.class_names);
  REQUIRE(model.subsets == written.subsets);
  REQUIRE(model.warnings == written.warnings);
  REQUIRE(model.encoder->plugin == written.encoder->plugin);
  REQUIRE(model.encoder->settings == written.encoder->settings);
  REQUIRE(model.encoder->key == written.encoder->key);
}

TEST_CASE("what a model does not have, it does not have when it is read", "[model]") {
  const TemporaryFolder folder;
  Model written;
  written.layout = "features";
  written.class_names = {"one", "two"};
  written.classifier.text = torch::full({2, 3}, std::numeric_limits<float>::denorm_min());
  write_model(folder / "a.safetensors", written);
  const Model zero_shot = read_model(folder / "a.safetensors");
  REQUIRE(equal(zero_shot.classifier, written.classifier));
  REQUIRE_FALSE(zero_shot.encoder.has_value());
  REQUIRE(zero_shot.subsets.empty());
  REQUIRE(zero_shot.warnings.empty());

  written.classifier.keys = torch::zeros({0, 3});
  written.classifier.labels = torch::zeros({0}, torch::kLong);
  write_model(folder / "b.safetensors", written);
  REQUIRE(equal(read_model(folder / "b.safetensors").classifier, written.classifier));
}

TEST_CASE("each optional tensor may be missing by itself", "[model]") {
  const TemporaryFolder folder;
  for (const auto field : {&Classifier::bias, &Classifier::values, &Classifier::weight, &Classifier::divergence}) {
    Model written = full_model();
    written.classifier.*field = torch::Tensor();
    write_model(folder / "model.safetensors", written);
    REQUIRE(equal(read_model(folder / "model.safetensors").classifier, written.classifier));
  }
  Model written = full_model();
  written.classifier.channels = torch::Tensor();
  written.classifier.keys = torch::rand({4, 6});
  write_model(folder / "model.safetensors", written);
  REQUIRE(equal(read_model(folder / "model.safetensors").classifier, written.classifier));
}

TEST_CASE("a model names the relation that computes its logits, and must be restored before use", "[model]") {
  const TemporaryFolder folder;
  Model model = full_model();
  const std::string code = "def logits(query):\n    return \"a\"\n";
  model.relation = trefoil::run::RelationRecipe{"script", {"code=" + code, "alpha=2.5"}, 1.25};
  model.classifier.keys = torch::rand({4, 6});  // all columns
  write_model(folder / "model.safetensors", model);
  const Model again = read_model(folder / "model.safetensors");
  REQUIRE(again.relation->plugin == "script");
  REQUIRE(again.relation->settings == model.relation->settings);
  REQUIRE(again.relation->temperature == 1.25);
  REQUIRE_THROWS_WITH(again.classifier.logits(torch::rand({1, 6})), ContainsSubstring("before its relation"));
  REQUIRE_THAT(read(folder / "model.safetensors"), ContainsSubstring(R"("trefoil_model":"3")"));
}

TEST_CASE("tensors that disagree are refused by name", "[model]") {
  REQUIRE(complaint([](Model&) {}) == "nothing");
  const auto with = [](torch::Tensor Classifier::*field, const torch::Tensor& tensor) {
    return complaint([&](Model& model) { model.classifier.*field = tensor; });
  };
  const float nan = std::numeric_limits<float>::quiet_NaN();
  const float infinity = std::numeric_limits<float>::infinity();
  REQUIRE_THAT(with(&Classifier::text, {}), ContainsSubstring("the text in it is missing"));
  REQUIRE_THAT(with(&Classifier::text, torch::rand({4, 6})),
               ContainsSubstring("the text in it has the shape [4, 6], expected [3, 6]"));
  REQUIRE_THAT(with(&Classifier::text, torch::rand({3})), ContainsSubstring("the text in it has the shape [3]"));
  REQUIRE_THAT(with(&Classifier::text, torch::full({3, 6}, nan)),
               ContainsSubstring("the text in it holds a NaN or an infinity"));
  REQUIRE_THAT(with(&Classifier::text, torch::rand({3, 6}).to(torch::kDouble)),
               ContainsSubstring("the text in it has the type Double, expected Float"));
  REQUIRE_THAT(with(&Classifier::bias, torch::full({3}, infinity)), ContainsSubstring("the bias in it holds"));
  REQUIRE_THAT(with(&Classifier::keys, torch::rand({4, 3})),
               ContainsSubstring("the keys in it has the shape [4, 3], expected [4, 2]"));
  REQUIRE_THAT(with(&Classifier::keys, torch::full({}, 1.0F)), ContainsSubstring("the keys in it has the shape []"));
  REQUIRE_THAT(with(&Classifier::labels, {}), ContainsSubstring("the labels in it is missing"));
  REQUIRE_THAT(with(&Classifier::labels, torch::tensor({0, 1, 2, 3}, torch::kLong)),
               ContainsSubstring("the labels in it holds an index that is not in 0 to 2"));
  REQUIRE_THAT(with(&Classifier::labels, torch::tensor({0, 1, 2, 2}, torch::kInt)),
               ContainsSubstring("the labels in it has the type Int, expected Long"));
  REQUIRE_THAT(with(&Classifier::channels, torch::tensor({0, 6}, torch::kLong)),
               ContainsSubstring("the channels in it holds an index that is not in 0 to 5"));
  REQUIRE_THAT(with(&Classifier::channels, torch::tensor({-1, 1}, torch::kLong)), ContainsSubstring("channels"));
  REQUIRE_THAT(with(&Classifier::values, torch::rand({4})),
               ContainsSubstring("the values in it has the shape [4], expected [4, 3]"));
  REQUIRE_THAT(with(&Classifier::values, torch::rand({3, 4})), ContainsSubstring("the values in it has the shape"));
  REQUIRE_THAT(with(&Classifier::values, torch::full({4, 3}, infinity)), ContainsSubstring("the values in it holds"));
  REQUIRE_THAT(with(&Classifier::values, torch::rand({4, 3}).to(torch::kDouble)),
               ContainsSubstring("the values in it has the type Double, expected Float"));
  REQUIRE_THAT(with(&Classifier::weight, torch::rand({5})), ContainsSubstring("the weight in it has the shape [5]"));
  REQUIRE_THAT(with(&Classifier::divergence, torch::full({4}, nan)), ContainsSubstring("the divergence in it holds"));
}

TEST_CASE("metadata that is wrong or missing is refused by name", "[model]") {
  REQUIRE_THAT(complaint([](Model& model) { model.class_names.clear(); }), ContainsSubstring("it has no classes"));
  REQUIRE_THAT(complaint([](Model& model) { model.subsets.pop_back(); }),
               ContainsSubstring("it names 2 subsets for 3 classes"));
  REQUIRE_THAT(complaint([](Model& model) { model.classifier.alpha = std::nan(""); }),
               ContainsSubstring("'alpha' of its metadata has the wrong form"));
  const TemporaryFolder folder;
  const auto file = folder / "model.safetensors";
  write_model(file, full_model());
  const std::string bytes = read(file);
  for (const std::string key : {"alpha", "class_names", "encoder", "layout", "sha256"}) {
    const std::string other = std::string(key.size(), 'x');
    folder.write("model.safetensors", replaced(bytes, "\"" + key + "\"", "\"" + other + "\""));
    const std::string said = complaint_about(file);
    CAPTURE(key, said);
    // Without an encoder it is a model of features, but not the one that was written.
    REQUIRE_THAT(said, key == "encoder" ? ContainsSubstring("its content has changed since it was written")
                                        : ContainsSubstring("its metadata has no '" + key + "'"));
  }
}

TEST_CASE("a damaged file is refused", "[model]") {
  const TemporaryFolder folder;
  const auto file = folder / "model.safetensors";
  write_model(file, full_model());
  const std::string bytes = read(file);
  for (std::size_t length = 0; length < bytes.size(); length += 7) {
    folder.write("model.safetensors", bytes.substr(0, length));
    CAPTURE(length);
    REQUIRE(complaint_about(file) != "nothing");
  }
  std::string flipped = bytes;
  flipped.back() = static_cast<char>(flipped.back() ^ 1);
  folder.write("model.safetensors", flipped);
  REQUIRE_THAT(complaint_about(file), ContainsSubstring("its content has changed since it was written") &&
                                          ContainsSubstring("copy the file again"));
  folder.write("model.safetensors", replaced(bytes, "Polar bear", "Solar bear"));
  REQUIRE_THAT(complaint_about(file), ContainsSubstring("its content has changed since it was written"));
}

TEST_CASE("other files, and formats to come, are told apart from models", "[model]") {
  const TemporaryFolder folder;
  const auto file = folder / "model.safetensors";
  write_model(file, full_model());
  folder.write("newer.safetensors", replaced(read(file), R"("trefoil_model":"2")", R"("trefoil_model":"4")"));
  REQUIRE_THAT(complaint_about(folder / "newer.safetensors"),
               ContainsSubstring("a model of format 4, and this program reads formats up to 3"));

  trefoil::formats::SafetensorsWriter features(folder / "features.safetensors", {{"text", torch::kFloat, {1, 2}}}, {});
  features.append(torch::zeros({1, 2}));
  features.commit();
  REQUIRE_THAT(complaint_about(folder / "features.safetensors"),
               ContainsSubstring("it is not a model of Trefoil") && ContainsSubstring("name a run directory"));
  REQUIRE_THAT(complaint_about(folder.write("text.txt", "This is no model.")),
               ContainsSubstring("not a safetensors file"));
}

TEST_CASE("a model without dense values keeps format 1, which earlier versions read", "[model]") {
  const TemporaryFolder folder;
  Model model = full_model();
  model.classifier.values = torch::Tensor();
  write_model(folder / "model.safetensors", model);
  REQUIRE_THAT(read(folder / "model.safetensors"), ContainsSubstring(R"("trefoil_model":"1")"));
}

TEST_CASE("a model with an adapter has format 3, and what the adapter needs", "[model]") {
  const TemporaryFolder folder;
  const Model written = transductive_model();
  write_model(folder / "model.safetensors", written);
  REQUIRE_THAT(read(folder / "model.safetensors"), ContainsSubstring(R"("trefoil_model":"3")"));
  const Model model = read_model(folder / "model.safetensors");
  REQUIRE(model.adapter->plugin == "balanced");
  REQUIRE(model.adapter->version == "1.0.0");
  REQUIRE(model.adapter->settings == written.adapter->settings);
  REQUIRE(model.adapter->files == written.adapter->files);
  REQUIRE(model.adapter->seed == 7);
  REQUIRE(model.support.text.equal(written.support.text));
  REQUIRE(model.support.images.equal(written.support.images));
  REQUIRE(model.support.labels.equal(written.support.labels));
  REQUIRE(model.support.views.equal(written.support.views));
  REQUIRE(model.channels.index.equal(written.channels.index));
  REQUIRE(model.channels.score.equal(written.channels.score));
}

TEST_CASE("a support or channels that do not fit the model are refused", "[model]") {
  const auto transductive = [](const std::function<void(Model&)>& spoil) {
    return complaint([&](Model& model) {
      model = transductive_model();
      spoil(model);
    });
  };
  REQUIRE_THAT(transductive([](Model& model) {
                 model.support.text = torch::rand({3, 5});
               }),
               ContainsSubstring("support.text"));
  REQUIRE_THAT(transductive([](Model& model) {
                 model.support.images = torch::rand({3, 6});
               }),
               ContainsSubstring("support.images"));
  REQUIRE_THAT(transductive([](Model& model) {
                 model.support.labels = torch::tensor({0, 0, 3, 3}, torch::kLong);
               }),
               ContainsSubstring("support.labels"));
  REQUIRE_THAT(transductive([](Model& model) {
                 model.support.views = torch::rand({2, 3, 6});
               }),
               ContainsSubstring("support.views"));
  REQUIRE_THAT(transductive([](Model& model) { model.channels.index = torch::tensor({6}, torch::kLong); }),
               ContainsSubstring("channels.index"));
  REQUIRE_THAT(transductive([](Model& model) { model.channels.score = torch::rand({6}); }),
               ContainsSubstring("channels.score"));
  REQUIRE_THAT(transductive([](Model& model) { model.support.images = torch::Tensor(); }),
               ContainsSubstring("support.images"));
}

TEST_CASE("a model is found in its run directory", "[model]") {
  const TemporaryFolder folder;
  std::filesystem::create_directory(folder / "run");
  REQUIRE_THROWS_WITH(trefoil::run::find_model(folder / "run"),
                      ContainsSubstring("there is no model.safetensors in it; name the directory of a run"));
  REQUIRE_THROWS_WITH(trefoil::run::find_model(folder / "nowhere"), ContainsSubstring("there is no such run"));
  const auto file = folder.write("run/model.safetensors", "");
  REQUIRE(trefoil::run::find_model(folder / "run") == file);
  REQUIRE(trefoil::run::find_model(file) == file);
}

TEST_CASE("a classifier is used as it will be read", "[model]") {
  const Classifier made = full_model().classifier;
  const Classifier used = trefoil::run::with_contiguous_tensors(made);
  REQUIRE_FALSE(made.keys.is_contiguous());
  REQUIRE(used.keys.is_contiguous());
  REQUIRE(equal(used, made));
}
