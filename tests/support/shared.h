// Material that lies beside the checkout on some machines: TREFOIL_SHARED, or ../shared.
#pragma once

#include <filesystem>
#include <nlohmann/json_fwd.hpp>

#include "trefoil/channels.h"
#include "trefoil/tensor.h"

namespace tests {

// Empty when it is not there.
std::filesystem::path shared_folder();

// True when it is not there, with a warning that the test skips.
bool shared_folder_is_absent();

// golden/method/golden_small.json; null, with a warning that the test skips, where the material is absent.
nlohmann::json golden_small();

// A list of numbers [n] -> [n], float64.
torch::Tensor tensor_of(const nlohmann::json& numbers);

// The largest difference between a tensor [n] and a list of n numbers.
double difference(const torch::Tensor& ours, const nlohmann::json& theirs);

// The same of the first n numbers of a tensor of any shape.
double difference_of_first(const torch::Tensor& ours, const nlohmann::json& theirs);

// Selected channels by their index, as golden_small.json has them; the scores are 0.
trefoil::Channels channels_of(const nlohmann::json& index);

}  // namespace tests
