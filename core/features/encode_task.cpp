#include "features/encode_task.h"

#include <ATen/ops/stack.h>
#include <ATen/ops/tensor.h>
#include <ATen/ops/zeros.h>

#include <map>
#include <utility>

#include "base/errors.h"
#include "data/class_names.h"
#include "data/missing_images.h"
#include "data/shots.h"
#include "data/support_set.h"
#include "data/text_lines.h"
#include "features/image_queries.h"
#include "features/repeated_images.h"

namespace trefoil::features {

namespace {

// Returns the training images that a support list names, in its order.
std::vector<data::ImageEntry> images_in_list(const std::vector<data::ImageEntry>& images,
                                             const std::filesystem::path& list) {
  std::map<std::string, const data::ImageEntry*> image_of;
  for (const data::ImageEntry& image : images) image_of[image.name] = &image;
  std::vector<data::ImageEntry> chosen;
  for (const data::LabelledName& line : data::read_labelled_names(list, data::Encoding::any)) {
    const auto image = image_of.find(line.name);
    if (image == image_of.end()) {
      data::refuse_line(list, line.line, "'" + line.name + "' is not among the training images");
    }
    if (image->second->label != line.label) {
      data::refuse_line(list, line.line,
                        "'" + line.name + "' has the class " + std::to_string(line.label) +
                            ", but the training list says " + std::to_string(image->second->label));
    }
    chosen.push_back(*image->second);
  }
  return chosen;
}

class Builder {
 public:
  Builder(const data::Dataset& dataset, const Parameters& parameters, std::uint64_t seed, FeatureEncoder& encoder)
      : dataset_(dataset), parameters_(parameters), seed_(seed), encoder_(encoder) {}

  data::Task build(const data::PromptSources& prompts) {
    task_.class_names = data::distinct_class_names(dataset_.classes);
    for (const data::ClassEntry& entry : dataset_.classes) task_.subsets.push_back(entry.subset);
    task_.files = dataset_.files;
    for (const std::string& remark : dataset_.remarks) encoder_.log(remark);
    text_ = text_features(prompts);
    const ScannedImages test = encoder_.scan(files_of(dataset_.test), {});  // finds bad ones before others are encoded
    add_support();
    add_queries(test);
    add_validation();
    task_.images_sha256 = encoder_.images_sha256();
    return std::move(task_);
  }

 private:
  // Returns the text features [C, D], unit rows. The text feature of a class is the mean of the unit features of its
  // prompts, scaled to unit length.
  torch::Tensor text_features(const data::PromptSources& sources) {
    if (const torch::Tensor stored = encoder_.class_features(task_.class_names); stored.defined()) {
      return unit_rows(stored.to(torch::kDouble)).to(torch::kFloat);
    }
    data::Prompts prompts = data::make_prompts(dataset_.classes, sources);
    task_.notes.insert(task_.notes.end(), prompts.notes.begin(), prompts.notes.end());
    task_.files.insert(task_.files.end(), sources.files.begin(), sources.files.end());
    std::vector<std::string> sentences;
    std::vector<std::int64_t> labels;
    for (std::size_t i = 0; i < prompts.of_class.size(); ++i) {
      for (const std::string& sentence : prompts.of_class[i]) {
        sentences.push_back(sentence);
        labels.push_back(static_cast<std::int64_t>(i));
      }
    }
    const torch::Tensor features = unit_rows(encoder_.texts(sentences).to(torch::kDouble));
    const auto class_count = static_cast<std::int64_t>(dataset_.classes.size());
    // The sum has the direction of the mean.
    return unit_rows(class_sums(features, at::tensor(labels, torch::kLong), class_count)).to(torch::kFloat);
  }

  void add_support() {
    const std::string& list = parameters_.text("support_list");
    if (!list.empty()) task_.files.emplace_back(list);
    std::vector<data::ImageEntry> images = list.empty() ? chosen_images() : images_in_list(dataset_.train, list);
    const ImageFeatures encoded = encoder_.images(
        encoder_.scan(files_of(images), {parameters_.integer("views"), seed_}), "encode training images");
    for (std::size_t i = 0; i < images.size(); ++i) {
      if (encoded.rows[i]) support_contents_.push_back(encoded.contents[i]);
    }
    const torch::Tensor features = present_features(images, encoded.rows);
    task_.support = data::make_support(text_, unit_rows(features.to(torch::kDouble)).to(torch::kFloat),
                                       labels_of(images), /*shots=*/0);
    add_training_views(images);
    task_.support_images = std::move(images);
    data::fill_missing_images(task_, parameters_);
  }

  void add_queries(const ScannedImages& test) {
    ImageFeatures encoded = encoder_.images(test, "encode test images");
    const std::vector<std::string> repeated =
        repeated_images({task_.support_images, support_contents_}, {dataset_.test, encoded.contents});
    task_.notes.insert(task_.notes.end(), repeated.begin(), repeated.end());
    task_.query = image_queries(dataset_, std::move(encoded.rows), static_cast<std::int64_t>(dataset_.classes.size()),
                                text_.size(1), encoder_, task_.notes);
  }

  void add_validation() {
    if (dataset_.validation.empty()) return;
    std::vector<data::ImageEntry> images = dataset_.validation;
    const ImageRows rows = encoder_.images(encoder_.scan(files_of(images), {}), "encode validation images").rows;
    const torch::Tensor features = present_features(images, rows);
    if (images.empty()) return;  // none of them could be read
    const std::filesystem::path folder = encoder_.store().folder();
    task_.validation =
        std::make_shared<data::Queries>(formats::array_of(features), folder, formats::array_of(labels_of(images)),
                                        folder, text_.size(1), static_cast<std::int64_t>(dataset_.classes.size()));
  }

  // Encodes each training view alone, from its own seed. The rows are in the order of the support.
  void add_training_views(std::vector<data::ImageEntry>& images) {
    const std::int64_t count = parameters_.integer("training_views");
    const torch::Tensor by_class = labels_of(images).argsort(/*stable=*/true, /*dim=*/0, /*descending=*/false);
    std::vector<torch::Tensor> views;
    for (std::int64_t view = 0; view < count; ++view) {
      const Views one{1, seed_ + 1 + static_cast<std::uint64_t>(view)};
      const ImageRows rows = encoder_.images(encoder_.scan(files_of(images), one), "encode training views").rows;
      views.push_back(unit_rows(present_features(images, rows)).index_select(0, by_class));
    }
    if (count > 0) task_.support.views = torch::stack(views);
  }

  std::vector<data::ImageEntry> chosen_images() {
    if (dataset_.train_is_support) return dataset_.train;
    const data::ShotChoice choice = data::shot_choice(parameters_.text("choose"));
    const std::int64_t shots = parameters_.integer("shots");
    std::vector<data::ImageEntry> offered = dataset_.train;
    data::ShotCandidates candidates{{}, {}, text_};
    if (data::needs_features(choice) && shots > 0) {
      const ImageRows rows = encoder_.images(encoder_.scan(files_of(offered), {}), "encode candidates").rows;
      candidates.features = unit_rows(present_features(offered, rows));
    }
    candidates.labels = labels_of(offered);
    std::vector<data::ImageEntry> chosen;
    for (const std::int64_t row : data::choose_shots(candidates, shots, choice, seed_)) {
      chosen.push_back(offered[static_cast<std::size_t>(row)]);
    }
    return chosen;
  }

  // Returns the features [m, D] of the images that have one. Removes the other images from `images`.
  torch::Tensor present_features(std::vector<data::ImageEntry>& images, const ImageRows& rows) const {
    std::vector<data::ImageEntry> present;
    std::vector<RowRef> present_rows;
    for (std::size_t i = 0; i < images.size(); ++i) {
      if (!rows[i]) continue;
      present.push_back(images[i]);
      present_rows.push_back(*rows[i]);
    }
    images = std::move(present);
    return present_rows.empty() ? torch::zeros({0, text_.size(1)}) : encoder_.store().read(present_rows);
  }

  const data::Dataset& dataset_;
  const Parameters& parameters_;
  std::uint64_t seed_;
  FeatureEncoder& encoder_;
  torch::Tensor text_;                          // [C, D]
  std::vector<base::Digest> support_contents_;  // of task_.support_images
  data::Task task_;
};

}  // namespace

data::Task encode_task(const data::Dataset& dataset, const data::PromptSources& prompts, const Parameters& parameters,
                       std::uint64_t seed, FeatureEncoder& encoder) {
  return Builder(dataset, parameters, seed, encoder).build(prompts);
}

}  // namespace trefoil::features
