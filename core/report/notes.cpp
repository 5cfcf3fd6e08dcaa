#include "report/notes.h"

#include <fmt/format.h>

#include <algorithm>
#include <map>
#include <set>

#include "base/text.h"
#include "report/setting_text.h"

namespace trefoil::report {

namespace {

using Texts = std::vector<std::string>;

// Each warning of the runs in order of first appearance, with the number of runs that have it.
std::vector<std::pair<std::string, std::size_t>> counted_warnings(const std::vector<Run>& runs) {
  std::vector<std::pair<std::string, std::size_t>> counted;
  for (const Run& run : runs) {
    for (const std::string& warning : std::set<std::string>(run.warnings.begin(), run.warnings.end())) {
      const auto known =
          std::find_if(counted.begin(), counted.end(), [&](const auto& c) { return c.first == warning; });
      if (known == counted.end()) {
        counted.emplace_back(warning, 1);
      } else {
        ++known->second;
      }
    }
  }
  return counted;
}

// Whether the warning says that the accuracy is not what accuracies usually are: the parameters were chosen on the test
// labels, or the predictions depend on all test images together.
bool is_about_accuracy(const std::string& warning) {
  return warning.find("test labels") != std::string::npos || base::starts_with(warning, "transductive:");
}

void add_warnings(const std::vector<Run>& runs, bool about_accuracy, Texts& notes) {
  constexpr std::size_t kMost = 10;  // numbers in them can make every run's differ
  std::size_t left_out = 0;
  std::size_t shown = 0;
  for (const auto& [warning, count] : counted_warnings(runs)) {
    if (is_about_accuracy(warning) != about_accuracy) continue;
    if (++shown > kMost) {
      ++left_out;
    } else {
      notes.push_back(fmt::format("{} of {} runs: {}", count, runs.size(), warning));
    }
  }
  if (left_out > 0)
    notes.push_back(fmt::format("{}: see the reports of the runs", base::counted(left_out, "more warning")));
}

// Runs with the same error share a line.
void add_unfinished(const std::vector<Run>& runs, Texts& notes) {
  constexpr std::size_t kMostNames = 5;
  std::map<std::string, Texts> names_by_reason;
  for (const Run& run : runs) {
    if (run.done()) continue;
    const std::string variant = run.variant.empty() ? "" : " (" + run.variant + ")";
    const std::string error = run.error.empty() ? "no error was recorded" : run.error;
    names_by_reason[run.status + ": " + error].push_back(run.directory.filename().string() + variant);
  }
  for (const auto& [reason, names] : names_by_reason) {
    notes.push_back(
        fmt::format("{} of {} runs {} — {}", names.size(), runs.size(), reason, base::listed(names, kMostNames)));
  }
}

void add_versions(const std::vector<Run>& runs, Texts& notes) {
  std::set<std::string> versions;
  for (const Run& run : runs) {
    if (run.done()) versions.insert(run.provenance.trefoil + " (" + run.provenance.revision + ")");
  }
  if (versions.size() < 2) return;
  notes.push_back(fmt::format("the runs were made by {} versions: {}", versions.size(), fmt::join(versions, ", ")));
}

// The seed may choose the images, so only runs of one seed must have read the same data.
void add_changed_data(const Comparison& comparison, Texts& notes) {
  for (const Axis& axis : comparison.axes) {
    const std::string section = section_of(axis.key);
    if (section == "data" || section == "encoder" || section == "prompts") return;
  }
  std::map<std::string, std::set<std::string>> data_of_seed;
  for (const Run& run : comparison.runs) {
    if (run.done()) data_of_seed[run.setting("seed")].insert(run.provenance.data_sha256);
  }
  const bool changed = std::any_of(data_of_seed.begin(), data_of_seed.end(),
                                   [](const auto& seed_and_data) { return seed_and_data.second.size() > 1; });
  if (changed) notes.emplace_back("the data changed between the runs, though no setting of them did");
}

void add_repetitions(const Comparison& comparison, Texts& notes) {
  std::size_t repeated = 0;
  for (const Cell& cell : comparison.cells) {
    std::set<std::string> seeds;
    for (const std::size_t i : cell.runs) {
      const Run& run = comparison.runs[i];
      if (run.done() && !seeds.insert(run.setting("seed")).second) ++repeated;
    }
  }
  if (repeated == 0) return;
  notes.push_back(
      fmt::format("{} of {} runs have the settings and the seed of another one: they are counted again, and make the "
                  "deviations too small",
                  repeated, comparison.runs.size()));
}

}  // namespace

Texts notes_of(const Comparison& comparison) {
  Texts notes = comparison.notes;
  add_warnings(comparison.runs, true, notes);
  add_unfinished(comparison.runs, notes);
  add_versions(comparison.runs, notes);
  add_changed_data(comparison, notes);
  add_repetitions(comparison, notes);
  const std::string seeds = note_on_seeds(comparison);
  if (!seeds.empty()) notes.push_back(seeds);
  add_warnings(comparison.runs, false, notes);
  return notes;
}

std::string note_on_seeds(const Comparison& comparison) {
  if (!comparison.has_seeds || comparison.seeds_differ) return "";
  return "the seed changes nothing: runs that differ only in the seed have equal metrics, so they are no repetitions "
         "and have no deviation";
}

std::string count_text(const std::vector<Run>& runs) {
  std::vector<std::pair<std::string, std::size_t>> counts = {{"done", 0}};
  for (const Run& run : runs) {
    const auto known = std::find_if(counts.begin(), counts.end(), [&](const auto& c) { return c.first == run.status; });
    if (known == counts.end()) {
      counts.emplace_back(run.status, 1);
    } else {
      ++known->second;
    }
  }
  Texts parts;
  for (const auto& [status, count] : counts) parts.push_back(fmt::format("{} {}", count, status));
  return fmt::format("{}: {}", base::counted(runs.size(), "run"), fmt::join(parts, ", "));
}

}  // namespace trefoil::report
