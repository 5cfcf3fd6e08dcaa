#include "sweep/available.h"

#include <algorithm>
#include <filesystem>
#include <iterator>
#include <map>
#include <set>
#include <system_error>

#include "base/errors.h"
#include "base/text.h"

namespace trefoil::sweep {

namespace {

bool is_available(const PlanLine& line) {
  std::error_code unreadable;
  return line.needs.empty() || std::filesystem::exists(line.needs, unreadable);
}

// The alternatives of each named axis that these jobs have.
std::map<std::string, std::set<std::string>> alternatives_of(const std::vector<PlanLine>& lines) {
  std::map<std::string, std::set<std::string>> alternatives;
  for (const PlanLine& line : lines) {
    for (const config::NamedChoice& choice : line.names) alternatives[choice.axis].insert(choice.name);
  }
  return alternatives;
}

}  // namespace

Plan available(const Plan& plan) {
  Plan kept = plan;
  kept.jobs.clear();
  std::copy_if(plan.jobs.begin(), plan.jobs.end(), std::back_inserter(kept.jobs), &is_available);
  return kept;
}

std::vector<std::string> notes_on_missing_data(const std::vector<PlanLine>& lines) {
  std::map<std::string, std::vector<PlanLine>> missing;  // by place
  for (const PlanLine& line : lines) {
    if (!is_available(line)) missing[line.needs].push_back(line);
  }
  const auto all = alternatives_of(lines);
  std::vector<std::string> notes;
  for (const auto& [place, jobs] : missing) {
    std::string names;
    for (const auto& [axis, own] : alternatives_of(jobs)) {
      const bool tells_apart = own.size() == 1 && all.at(axis).size() > 1;
      if (tells_apart) names += (names.empty() ? "" : ", ") + axis + "=" + *own.begin();
    }
    notes.push_back((names.empty() ? base::counted(jobs.size(), "job") : names) + " is left out, because " + place +
                    " does not exist");
  }
  return notes;
}

std::vector<std::string> notes_on_missing_data(const Plan& plan) {
  return notes_on_missing_data(std::vector<PlanLine>(plan.jobs.begin(), plan.jobs.end()));
}

void require_some(const Plan& available, const Plan& chosen) {
  if (!available.jobs.empty()) return;
  std::string reasons;
  for (const std::string& note : notes_on_missing_data(chosen)) reasons += (reasons.empty() ? "" : "; ") + note;
  throw DataError("there is no data for any job: " + reasons);
}

}  // namespace trefoil::sweep
