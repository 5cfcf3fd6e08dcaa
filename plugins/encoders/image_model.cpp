#include "image_model.h"

#include <ATen/ops/stack.h>

#include <algorithm>
#include <filesystem>
#include <fstream>
#include <stdexcept>

#include "three_numbers.h"
#include "trefoil/tensor_file.h"

namespace image_model {

namespace {

std::vector<std::string> lines_of(const std::filesystem::path& path) {
  std::ifstream stream(path);
  if (!std::filesystem::is_regular_file(path) || !stream)  // a device may have no end
    throw std::runtime_error(path.string() + ": the file cannot be read");
  std::vector<std::string> lines;
  for (std::string line; std::getline(stream, line);) lines.push_back(line);
  return lines;
}

std::int64_t row_of(const std::vector<std::string>& names, const std::string& name, const std::string& file) {
  const auto place = std::find(names.begin(), names.end(), name);
  if (place == names.end())
    throw std::runtime_error(file + ": there is no class '" + name +
                             "' in this file: add a line and a row of features for it");
  return place - names.begin();
}

}  // namespace

trefoil::PixelFormat pixel_format(const trefoil::Parameters& parameters) {
  return {parameters.integer("resolution"), encoders::three_numbers("mean", parameters.text("mean")),
          encoders::three_numbers("deviation", parameters.text("deviation"))};
}

torch::Tensor text_features(const trefoil::Parameters& parameters) {
  const std::string& tensor = parameters.text("text_tensor");
  const std::string& file = parameters.text("text_features");
  const torch::Tensor features = trefoil::read_tensor(tensor.empty() ? file : file + "#" + tensor).to(torch::kFloat);
  if (features.dim() != 2) throw std::runtime_error(file + ": class features must have two dimensions [C, D]");
  return features.contiguous();
}

torch::Tensor class_features(const trefoil::Parameters& parameters, const std::vector<std::string>& class_names) {
  torch::Tensor features = text_features(parameters);
  const std::string& names_file = parameters.text("text_names");
  if (names_file.empty()) {
    if (features.size(0) == static_cast<std::int64_t>(class_names.size())) return features;
    throw std::runtime_error(parameters.text("text_features") + ": its number of rows (" +
                             std::to_string(features.size(0)) + ") differs from the number of classes (" +
                             std::to_string(class_names.size()) +
                             "): set encoder.text_names to a file that names the class of each row");
  }
  const std::vector<std::string> names = lines_of(names_file);
  if (static_cast<std::int64_t>(names.size()) != features.size(0)) {
    throw std::runtime_error(names_file + ": its number of names (" + std::to_string(names.size()) +
                             ") differs from the number of feature rows (" + std::to_string(features.size(0)) +
                             "): write one name per row");
  }
  std::vector<torch::Tensor> rows;
  rows.reserve(class_names.size());
  for (const std::string& name : class_names) rows.push_back(features[row_of(names, name, names_file)]);
  return at::stack(rows);
}

std::string listed(const std::vector<std::string>& names) {
  std::string text;
  for (const std::string& name : names) text += (text.empty() ? "" : ", ") + name;
  return text;
}

}  // namespace image_model
