#include "commands.h"

namespace runner {

std::vector<std::filesystem::path> PluginFolders::with(const std::vector<std::string>& of_experiment) const {
  std::vector<std::filesystem::path> all;
  for (const std::filesystem::path& folder : folders) all.push_back(std::filesystem::absolute(folder));
  if (!ignore_experiment) all.insert(all.end(), of_experiment.begin(), of_experiment.end());
  return all;
}

}  // namespace runner
