#include <fmt/format.h>

#include <nlohmann/json.hpp>

#include "base/text.h"
#include "commands.h"
#include "json_line.h"
#include "sweep/execute.h"
#include "sweep/slurm.h"
#include "sweep/sweep_folder.h"
#include "sweep_command.h"

namespace runner {

using namespace trefoil;

void sweep_status(const SweepOptions& options) {
  const std::filesystem::path folder = sweep::folder_of(options.folder);
  std::vector<std::string> hashes;
  for (const sweep::PlanLine& line : sweep::read_plan_lines(folder)) hashes.push_back(line.hash);
  const sweep::Progress progress = sweep::count_jobs(folder, hashes);
  const auto queue = sweep::queued(sweep::read_submission(folder));
  if (options.json) {
    Json states = Json::object();
    for (const auto& [state, count] : queue) states[state] = count;
    fmt::print("{}\n", json_line(Json{{"total", progress.total},
                                      {"done", progress.done},
                                      {"failed", progress.failed},
                                      {"running", progress.elsewhere},
                                      {"queue", states}}));
    return;
  }
  const auto text = [](std::size_t count) { return base::grouped(static_cast<std::int64_t>(count)); };
  fmt::print("jobs    {}, {} running\n", counts_text(progress), text(progress.elsewhere));
  for (const auto& [state, count] : queue) fmt::print("queue   {} {}\n", text(count), state);
  if (queue.empty()) fmt::print("queue   no tasks\n");
}

void sweep_cancel(const SweepOptions& options) {
  const sweep::Submission submission = sweep::read_submission(sweep::folder_of(options.folder));
  sweep::cancel(submission);
  if (options.json) {
    fmt::print("{}\n", json_line(Json{{"cancelled", submission.ids()}}));
  } else {
    fmt::print("cancelled {}\n", fmt::join(submission.ids(), " "));
  }
}

}  // namespace runner
