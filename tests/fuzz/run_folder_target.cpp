// The files that a report reads in a run directory: status.json, config.toml, summary.json, provenance.json, result.txt
// and ranks.txt. A line "---" separates them. The run is compared with a good one, in tables.
#include <array>

#include "base/checksums.h"
#include "fuzz_file.h"
#include "refusal.h"
#include "report/paired.h"
#include "report/pivot.h"
#include "report/results_csv.h"
#include "report/results_markdown.h"
#include "run/provenance.h"

using namespace trefoil;

namespace {

constexpr const char* kGood = R"({"state": "done"}
---
name = "good"
seed = 1
[relation]
plugin = "tip"
---
{"metrics": {"test.top1": 70.5}, "seconds": {"total": 1}, "chosen": {}, "warnings": []}
---
{"command_line": [], "working_directory": "", "trefoil": "", "revision": "", "libtorch": "", "host": "",
 "device": "cpu", "time": "", "data_sha256": "1"}
---
a 1
b 2
---
1
2
)";

std::filesystem::path write_run(const fuzz::Folder& folder, const std::string& name, std::string_view input) {
  constexpr std::array kFiles = {"status.json",     "config.toml", "summary.json",
                                 "provenance.json", "result.txt",  "ranks.txt"};
  const std::vector<std::string_view> texts =
      fuzz::parts(reinterpret_cast<const std::uint8_t*>(input.data()), input.size(), kFiles.size());
  for (std::size_t i = 0; i < kFiles.size(); ++i) folder.write(std::filesystem::path(name) / kFiles.at(i), texts[i]);
  base::record_checksums(folder.path() / name, {kFiles.begin() + 1, kFiles.end()});
  return folder.path() / name;
}

void show(const std::vector<report::Run>& runs) {
  const report::Comparison comparison = report::compare(runs);
  const std::optional<report::Pivot> pivot = report::pivot_of(comparison);
  report::results_csv(comparison);
  report::results_markdown(comparison, pivot);
}

}  // namespace

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  static const fuzz::Folder folder;
  static const std::filesystem::path good = write_run(folder, "good", kGood);
  static const report::Run good_run = report::collect({good}).front();
  const auto run = write_run(folder, "run", {reinterpret_cast<const char*>(data), size});
  fuzz::read_or_refuse(run, [&] { show({good_run, report::collect({run}).front()}); });
  const auto ours = report::read_outcomes(good);
  const auto theirs = report::read_outcomes(run);
  if (ours && theirs) report::paired_difference({&*ours}, {&*theirs});
  base::FileSums sums;
  fuzz::read_or_refuse([&] { run::changed_input(run / "provenance.json", {}, sums); });  // names a file of the run
  return 0;
}
