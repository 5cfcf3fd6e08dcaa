#include "report/published.h"

#include <algorithm>
#include <array>
#include <cctype>

#include "base/atomic_file.h"
#include "base/csv.h"
#include "base/errors.h"
#include "report/setting_text.h"

namespace trefoil::report {

namespace {

constexpr std::array kColumns = {"method", "dataset", "shots", "accuracy", "source"};

[[noreturn]] void refuse_line(const std::filesystem::path& file, std::size_t line, const std::string& reason) {
  throw DataError(file.string() + ":" + std::to_string(line) + ": " + reason);
}

std::string letters_and_digits(const std::string& text) {
  std::string result;
  for (const char c : text) {
    if (std::isalnum(static_cast<unsigned char>(c)) != 0)
      result += static_cast<char>(std::tolower(static_cast<unsigned char>(c)));
  }
  return result;
}

}  // namespace

std::vector<PublishedAccuracy> read_published(const std::filesystem::path& file) {
  const auto rows = base::csv_rows(base::read_text(file));
  if (rows.empty()) throw DataError(file.string() + ": the file is empty");
  std::array<std::size_t, kColumns.size()> places{};
  for (std::size_t i = 0; i < kColumns.size(); ++i) {
    const auto found = std::find(rows[0].begin(), rows[0].end(), kColumns[i]);
    if (found == rows[0].end()) refuse_line(file, 1, std::string("there is no column '") + kColumns[i] + "'");
    places[i] = static_cast<std::size_t>(found - rows[0].begin());
  }
  std::vector<PublishedAccuracy> all;
  for (std::size_t line = 1; line < rows.size(); ++line) {
    const std::vector<std::string>& row = rows[line];
    if (row.size() != rows[0].size())
      refuse_line(file, line + 1, "this line has another number of fields than the first");
    const auto shots = number_of(row[places[2]]);
    const auto accuracy = number_of(row[places[3]]);
    if (!shots && !row[places[2]].empty()) refuse_line(file, line + 1, "'shots' is not a number: " + row[places[2]]);
    if (!accuracy || *accuracy < 0 || *accuracy > 100)
      refuse_line(file, line + 1, "'accuracy' is not a percentage: " + row[places[3]]);
    all.push_back({base::csv_text_of(row[places[0]]), base::csv_text_of(row[places[1]]), shots, *accuracy,
                   base::csv_text_of(row[places[4]])});
  }
  return all;
}

bool same_dataset(const std::string& a, const std::string& b) { return letters_and_digits(a) == letters_and_digits(b); }

}  // namespace trefoil::report
