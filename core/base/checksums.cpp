#include "base/checksums.h"

#include <sstream>
#include <string_view>
#include <utility>

#include "base/atomic_file.h"
#include "base/data_errors.h"
#include "base/sha256.h"

namespace trefoil::base {

namespace {

constexpr const char* kFile = "SHA256SUMS";
constexpr std::size_t kSumLength = 64;
constexpr std::string_view kSeparator = "  ";  // between the digits and the name; a text file in sha256sum(1)

bool is_line(const std::string& line) {
  return line.size() > kSumLength + kSeparator.size() && line.find_first_not_of("0123456789abcdef") == kSumLength &&
         line.compare(kSumLength, kSeparator.size(), kSeparator) == 0;
}

// Returns the sums by name. Throws DataError.
std::map<std::string, std::string> read_sums(const std::filesystem::path& file) {
  std::map<std::string, std::string> sums;
  std::istringstream lines(read_text(file));
  for (std::string line; std::getline(lines, line);) {
    const bool is_new =
        is_line(line) && sums.emplace(line.substr(kSumLength + kSeparator.size()), line.substr(0, kSumLength)).second;
    if (!is_new) refuse(file, "line " + std::to_string(sums.size() + 1) + " does not have the form 'SHA-256  NAME'");
  }
  return sums;
}

}  // namespace

void record_checksums(const std::filesystem::path& folder, const std::vector<std::string>& names) {
  const std::filesystem::path file = folder / kFile;
  std::map<std::string, std::string> sums;
  try {
    sums = read_sums(file);
  } catch (const DataError&) {
    // The file is missing or damaged. Only the files of this call are then known to be right.
  }
  for (const std::string& name : names) sums[name] = sha256_of_file(folder / name);
  std::string text;
  for (const auto& [name, sum] : sums) text.append(sum).append(kSeparator).append(name).append("\n");
  write_atomically(file, text, Durability::power_loss);
}

Checksums::Checksums(const std::filesystem::path& folder, std::string cure) : folder_(folder), cure_(std::move(cure)) {
  try {
    sums_ = read_sums(folder / kFile);
  } catch (const DataError& error) {
    throw DataError(error.what() + ("; " + cure_));
  }
}

void Checksums::require(const std::string& name) const {
  const auto found = sums_.find(name);
  if (found == sums_.end()) refuse(folder_ / kFile, "it has no line for " + name + "; " + cure_);
  if (sha256_of_file(folder_ / name) != found->second) {
    refuse(folder_ / name, "its content has changed since it was written (its SHA-256 differs); " + cure_);
  }
}

}  // namespace trefoil::base
