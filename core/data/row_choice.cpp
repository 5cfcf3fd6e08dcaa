#include "data/row_choice.h"

#include <ATen/ops/ones.h>
#include <ATen/ops/tensor.h>

#include "base/errors.h"

namespace trefoil::data {

torch::Tensor chosen_rows(const ShotCandidates& rows, const Parameters& parameters, std::uint64_t seed) {
  const ShotChoice choice = shot_choice(parameters.text("choose"));
  if (choice == ShotChoice::text && (rows.text == 0).all(1).any().item<bool>()) {
    throw Error(ExitCode::configuration,
                "data.choose = \"text\" needs a text feature for every class, and some classes have none: choose in "
                "another way");
  }
  return at::tensor(choose_shots(rows, parameters.integer("shots"), choice, seed), torch::kLong);
}

void keep_rows(ShotCandidates& rows, const torch::Tensor& kept) {
  rows.features = rows.features.index_select(0, kept);
  rows.labels = rows.labels.index_select(0, kept);
}

torch::Tensor other_rows(const torch::Tensor& rows, std::int64_t count) {
  torch::Tensor is_other = torch::ones({count}, torch::kBool);
  is_other.index_fill_(0, rows, false);
  return is_other.nonzero().flatten();
}

}  // namespace trefoil::data
