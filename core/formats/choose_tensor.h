// The choice of one tensor in a file of several.
#pragma once

#include <filesystem>
#include <map>
#include <string>
#include <vector>

#include "base/data_errors.h"
#include "base/suggestion.h"
#include "base/text.h"

namespace trefoil::formats {

// Returns the tensor with this name, or the only tensor of the file if the name is "". Throws DataError with the names
// in the file.
template <typename Tensor>
const Tensor& choose_tensor(const std::map<std::string, Tensor>& tensors, const std::string& name,
                            const std::filesystem::path& path) {
  if (const auto found = tensors.find(name); found != tensors.end()) return found->second;
  if (tensors.empty()) base::refuse(path, "it has no tensor");
  if (name.empty() && tensors.size() == 1) return tensors.begin()->second;
  std::vector<std::string> names;
  names.reserve(tensors.size());
  for (const auto& [present, tensor] : tensors) names.push_back(present);
  if (!name.empty())
    base::refuse(path, "there is no tensor '" + name + "' in it; " + base::suggestion(name, names, "it has"));
  base::refuse(path, "it has " + base::counted(tensors.size(), "tensor") + "; choose one with FILE#NAME; " +
                         base::suggestion("", names, "names"));
}

}  // namespace trefoil::formats
