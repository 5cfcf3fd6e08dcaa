// layout = "coop": the data sets of CoOp (Zhou et al., IJCV 2022) and of the tools that follow it: a folder of images,
// a JSON file with the split, and pickles of few-shot images.
#include <utility>

#include "base/errors.h"
#include "data/coop_shots.h"
#include "data/coop_split.h"
#include "data/layouts.h"
#include "data/validation_shots.h"

namespace trefoil::data {

namespace {

const std::vector<Parameter> kCoopParameters = with_image_parameters({
    parameter::path("root", ".", "folder that the other paths are relative to"),
    parameter::required(parameter::text(
        "split", "",
        "JSON file of the split, such as split_zhou_Caltech101.json, with lists of [path, label, class name]")),
    parameter::text("images", "", "folder that the paths of the split start from, such as 101_ObjectCategories"),
    parameter::text("few_shot", "",
                    "pickle of few-shot images, such as split_fewshot/shot_{shots}-seed_{seed}.pkl: use exactly these, "
                    "and ignore choose"),
    kValShots,
});

void replace(std::string& text, const std::string& name, const std::string& value) {
  for (std::size_t at = text.find(name); at != std::string::npos; at = text.find(name, at + value.size())) {
    text.replace(at, name.size(), value);
  }
}

// Returns data.few_shot with the numbers of shots and seed in it.
std::string few_shot_file(const Parameters& parameters, std::uint64_t seed) {
  std::string name = parameters.text("few_shot");
  if (name.find("{shots}") != std::string::npos && parameters.integer("shots") == 0) {
    throw Error(ExitCode::configuration, "'data.few_shot' has {shots} in it: set data.shots");
  }
  replace(name, "{shots}", std::to_string(parameters.integer("shots")));
  replace(name, "{seed}", std::to_string(seed));
  return name;
}

void use_few_shot_file(const Parameters& parameters, std::uint64_t seed, const CoopSplit& split, Dataset& dataset) {
  if (!parameters.text("support_list").empty() || parameters.integer("val_shots") > 0) {
    throw Error(ExitCode::configuration,
                "'data.few_shot' names the images of the support and of the validation: remove data.support_list and "
                "data.val_shots, or data.few_shot");
  }
  dataset.files.push_back(std::filesystem::path(parameters.text("root")) / few_shot_file(parameters, seed));
  CoopShots shots = read_coop_shots(dataset.files.back(), split, parameters.text("images"));
  dataset.train = std::move(shots.train);
  dataset.train_is_support = true;
  dataset.validation = std::move(shots.val);
}

Dataset list_coop(const Parameters& parameters, std::uint64_t seed) {
  const std::filesystem::path root = parameters.text("root");
  const std::filesystem::path file = root / parameters.text("split");
  Dataset dataset;
  dataset.test_folder = root / parameters.text("images");
  CoopSplit split = read_coop_split(file, dataset.test_folder);
  dataset.classes = split.classes;
  dataset.files.push_back(file);
  if (split.test.empty()) throw DataError(file.string() + ": there are no images in \"test\"");
  if (parameters.text("few_shot").empty()) {
    if (parameters.integer("val_shots") > 0 && split.val.empty()) {
      throw DataError(file.string() + ": there are no images in \"val\", which data.val_shots needs");
    }
    dataset.validation = validation_shots(split.val, parameters, seed);
    dataset.train = std::move(split.train);
  } else {
    use_few_shot_file(parameters, seed, split, dataset);
  }
  dataset.test = std::move(split.test);
  return dataset;
}

}  // namespace

const Layout kCoopLayout = {"coop", kCoopParameters, nullptr, &list_coop};

}  // namespace trefoil::data
