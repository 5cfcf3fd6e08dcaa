#include "sweep/job_folder.h"

#include <nlohmann/json.hpp>

#include "base/atomic_file.h"
#include "base/checksums.h"
#include "base/errors.h"
#include "base/sha256.h"

namespace trefoil::sweep {

namespace {

std::string text_of(const std::filesystem::path& file) {
  try {
    return base::read_text(file);
  } catch (const DataError&) {
    return "";  // missing, or being removed by a process that runs the job again
  }
}

// The text under a key; "" when the document is no object or holds something else there.
std::string text_at(const nlohmann::json& document, const char* key) {
  const auto found = document.is_object() ? document.find(key) : document.end();
  return document.is_object() && found != document.end() && found->is_string() ? found->get<std::string>() : "";
}

}  // namespace

JobFolder::JobFolder(const std::filesystem::path& sweep, const std::string& hash)
    : path_(sweep / "jobs" / hash), hash_(hash) {}

JobState JobFolder::state() const {
  const std::string state = text_at(nlohmann::json::parse(text_of(path_ / "status.json"), nullptr, false), "state");
  // A job whose results were removed or damaged runs again.
  if (state == "done") return has_whole_results() ? JobState::done : JobState::open;
  return state == "failed" ? JobState::failed : JobState::open;
}

bool JobFolder::has_whole_results() const {
  try {
    const base::Checksums checksums(path_, "the job must run again");
    for (const char* name : {"config.toml", "summary.json"}) checksums.require(name);
    if (std::filesystem::exists(path_ / "metrics.jsonl")) checksums.require("metrics.jsonl");
  } catch (const DataError&) {
    return false;
  }
  return base::sha256(text_of(path_ / "config.toml")).compare(0, hash_.size(), hash_) == 0;
}

std::optional<double> JobFolder::accuracy() const {
  const auto metrics = nlohmann::json::parse(text_of(path_ / "metrics.jsonl"), nullptr, false);
  if (!metrics.is_object()) return std::nullopt;
  const auto found = metrics.find("test.top1");
  return found != metrics.end() && found->is_number() ? std::optional(found->get<double>()) : std::nullopt;
}

std::filesystem::path JobFolder::claim_file() const {
  std::filesystem::path file = path_;
  file += ".claim";
  return file;
}

std::optional<Claim> JobFolder::claim() const { return Claim::take(claim_file()); }

bool JobFolder::is_claimed() const { return Claim::is_held(claim_file()); }

void JobFolder::remove_left_claim() const {
  // Taking a claim that no process holds removes its file when the claim ends.
  if (std::filesystem::exists(claim_file())) claim();
}

void JobFolder::clear() const {
  std::error_code failure;
  std::filesystem::remove(path_ / "status.json", failure);  // first, because without it the job is open
  if (!failure) std::filesystem::remove_all(path_, failure);
  if (failure) throw RunError(path_.string() + ": cannot be removed (" + failure.message() + ")");
}

}  // namespace trefoil::sweep
