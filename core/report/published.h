// Published: accuracies from papers, read from a CSV file.
#pragma once

#include <filesystem>
#include <optional>
#include <string>
#include <vector>

namespace trefoil::report {

struct PublishedAccuracy {
  std::string method;
  std::string dataset;
  std::optional<double> shots;  // nothing for a zero-shot method
  double accuracy = 0;          // top-1 in percent
  std::string source;
};

// Reads a file with the columns method, dataset, shots, accuracy and source, in any order; others are ignored. `shots`
// may be empty. Throws DataError with the line of a mistake.
std::vector<PublishedAccuracy> read_published(const std::filesystem::path& file);

// Whether two names of data sets are equal apart from case, spaces and punctuation: "Caltech-101" and "caltech101".
bool same_dataset(const std::string& a, const std::string& b);

}  // namespace trefoil::report
