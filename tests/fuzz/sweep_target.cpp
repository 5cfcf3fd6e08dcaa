// The files that a sweep reads back from its folder: plan.csv, axes.json, slurm.json, and of a job status.json and
// metrics.jsonl. A line "---" separates them.
#include "base/checksums.h"
#include "fuzz_file.h"
#include "refusal.h"
#include "sweep/job_folder.h"
#include "sweep/slurm.h"
#include "sweep/sweep_folder.h"

using namespace trefoil;

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  constexpr const char* kHash = "0123456789ab";
  static const fuzz::Folder folder;
  const std::vector<std::string_view> texts = fuzz::parts(data, size, 5);
  const std::filesystem::path plan = folder.write("plan.csv", texts[0]);
  const std::filesystem::path axes = folder.write("axes.json", texts[1]);
  const std::filesystem::path submission = folder.write("slurm.json", texts[2]);
  base::record_checksums(folder.path(), {"axes.json", "plan.csv", "slurm.json"});
  folder.write(std::filesystem::path("jobs") / kHash / "status.json", texts[3]);
  folder.write(std::filesystem::path("jobs") / kHash / "metrics.jsonl", texts[4]);
  fuzz::read_or_refuse(plan, [&] { sweep::read_plan_lines(plan); });
  fuzz::read_or_refuse(axes, [&] { sweep::read_axes(folder.path()); });
  fuzz::read_or_refuse(submission, [&] { sweep::read_submission(folder.path()); });
  const sweep::JobFolder job(folder.path(), kHash);
  job.state();
  job.accuracy();
  return 0;
}
