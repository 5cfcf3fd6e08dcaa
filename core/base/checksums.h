// Checksums: the file SHA256SUMS of a folder. It has the format of sha256sum(1), so that the same files can be checked
// with `sha256sum --check SHA256SUMS`. A file that a disk, a copy or an editor has changed is then refused and not
// used.
#pragma once

#include <filesystem>
#include <map>
#include <string>
#include <vector>

namespace trefoil::base {

// Writes the SHA-256 of these files of the folder to its SHA256SUMS. Lines of other files are kept, unless SHA256SUMS
// is damaged. Throws DataError when a file cannot be read. Throws RunError when SHA256SUMS cannot be written.
void record_checksums(const std::filesystem::path& folder, const std::vector<std::string>& names);

class Checksums {
 public:
  // Reads SHA256SUMS. `cure` ends every error and says how to get the files again. Throws DataError when the file is
  // missing or has another form.
  Checksums(const std::filesystem::path& folder, std::string cure);

  // Throws DataError unless the file is as it was when its SHA-256 was recorded.
  void require(const std::string& name) const;

 private:
  std::filesystem::path folder_;
  std::string cure_;
  std::map<std::string, std::string> sums_;  // by name
};

}  // namespace trefoil::base
