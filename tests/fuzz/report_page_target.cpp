// The page and the figures of a report, with charts of any numbers: config.toml and summary.json of two runs. A line
// "---" separates them.
#include <array>

#include "fuzz_file.h"
#include "refusal.h"
#include "report/pivot_chart.h"
#include "report/report.h"

using namespace trefoil;

namespace {

constexpr const char* kProvenance =
    R"({"command_line": [], "working_directory": "", "trefoil": "", "revision": "", "libtorch": "", "host": "",
        "device": "cpu", "time": "", "data_sha256": "1"})";

void show(const std::vector<report::Run>& runs, const std::filesystem::path& folder) {
  const report::Comparison comparison = report::compare(runs);
  const std::optional<report::Pivot> pivot = report::pivot_of(comparison);
  report::report_html(comparison, pivot, folder);
  if (!pivot) return;
  const std::vector<std::size_t> rows = report::charted_rows(*pivot);
  if (!rows.empty()) report::pivot_figure(*pivot, {0}, rows);
}

}  // namespace

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  static const fuzz::Folder folder;
  const std::vector<std::string_view> texts = fuzz::parts(data, size, 4);
  std::vector<std::filesystem::path> runs;
  for (const std::size_t i : {0, 1}) {
    const std::filesystem::path run = std::to_string(i);
    folder.write(run / "status.json", R"({"state": "done"})");
    folder.write(run / "provenance.json", kProvenance);
    folder.write(run / "config.toml", texts[2 * i]);
    folder.write(run / "summary.json", texts[2 * i + 1]);
    runs.push_back(folder.path() / run);
  }
  fuzz::read_or_refuse(folder.path(), [&] { show(report::collect(runs), folder.path()); });
  return 0;
}
