#include "support/shared.h"

#include <ATen/ops/tensor.h>
#include <ATen/ops/zeros.h>

#include <cstdlib>
#include <nlohmann/json.hpp>

#include "support/catch.h"
#include "support/files.h"

namespace tests {

std::filesystem::path shared_folder() {
  const char* variable = std::getenv("TREFOIL_SHARED");
  const std::filesystem::path folder =
      std::filesystem::weakly_canonical(variable != nullptr ? variable : TREFOIL_TEST_SHARED);
  return std::filesystem::is_directory(folder / "golden") ? folder : std::filesystem::path();
}

bool shared_folder_is_absent() {
  if (shared_folder().empty()) WARN("skipped: TREFOIL_SHARED (or ../shared) is absent");
  return shared_folder().empty();
}

nlohmann::json golden_small() {
  if (shared_folder_is_absent()) return nullptr;
  return nlohmann::json::parse(read(shared_folder() / "golden/method/golden_small.json"));
}

torch::Tensor tensor_of(const nlohmann::json& numbers) {
  return torch::tensor(at::ArrayRef<double>(numbers.get<std::vector<double>>()), torch::kDouble);
}

double difference(const torch::Tensor& ours, const nlohmann::json& theirs) {
  return (ours.to(torch::kDouble) - tensor_of(theirs)).abs().max().item<double>();
}

double difference_of_first(const torch::Tensor& ours, const nlohmann::json& theirs) {
  return difference(ours.flatten().slice(0, 0, static_cast<std::int64_t>(theirs.size())), theirs);
}

trefoil::Channels channels_of(const nlohmann::json& index) {
  trefoil::Channels channels;
  channels.index = tensor_of(index).to(torch::kLong);
  channels.score = torch::zeros({32}, torch::kDouble);
  return channels;
}

}  // namespace tests
