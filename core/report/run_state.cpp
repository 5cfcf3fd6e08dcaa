#include "report/run_state.h"

#include <signal.h>

#include <cerrno>
#include <ctime>
#include <nlohmann/json.hpp>

#include "base/atomic_file.h"
#include "base/errors.h"
#include "base/machine.h"

namespace trefoil::report {

namespace {

// A run rewrites status.json every few seconds. Clocks of two computers may differ, so the limit is generous.
constexpr double kLongestSilence = 300;  // seconds

// Returns the seconds since a time that base::utc_time wrote, or 0 when it has another form.
double seconds_since(const std::string& time) {
  std::tm parts{};
  if (::strptime(time.c_str(), "%Y-%m-%dT%H:%M:%SZ", &parts) == nullptr) return 0;
  return std::difftime(std::time(nullptr), ::timegm(&parts));
}

bool has_ended(std::int64_t process) { return ::kill(static_cast<pid_t>(process), 0) != 0 && errno == ESRCH; }

// Returns why a run cannot be running any more, or "".
std::string end_of(const nlohmann::json& status) {
  const std::int64_t process = status.value("pid", std::int64_t{0});
  if (process > 0 && status.value("host", "") == base::host_name())
    return has_ended(process) ? "its process " + std::to_string(process) + " has ended without a result" : "";
  const std::string updated = status.value("updated", "");
  if (seconds_since(updated) > kLongestSilence) return "it has not written status.json since " + updated;
  return "";
}

}  // namespace

RunState read_run_state(const std::filesystem::path& directory) {
  const std::filesystem::path file = directory / "status.json";
  if (!std::filesystem::exists(file)) {
    throw DataError(directory.string() +
                    ": not a run directory: there is no status.json in it; give folders that `runner` made");
  }
  try {
    const nlohmann::json status = nlohmann::json::parse(base::read_json_text(file));
    RunState state{status.at("state").get<std::string>(), status.value("error", "")};
    if (state.status != "running") return state;
    const std::string end = end_of(status);
    return end.empty() ? state : RunState{"killed", end};
  } catch (const nlohmann::json::exception&) {
    return {"damaged", file.string() + ": this is not what a run writes; run it again"};
  } catch (const DataError& error) {
    return {"damaged", error.what()};
  }
}

}  // namespace trefoil::report
