#include "run/report.h"

#include <fmt/format.h>

#include "base/text.h"
#include "report/charts.h"
#include "report/reliability_chart.h"
#include "run/report_rows.h"
#include "run/report_template.h"
#include "run/search_output.h"

namespace trefoil::run {

std::string report_html(const Summary& summary, const Channels& channels, const data::Task& task,
                        const config::Experiment& experiment, const nlohmann::ordered_json& provenance) {
  PageData page =
      report::row({{"experiment", summary.experiment},
                   {"submission", summary.submission.string()},
                   {"selector", config::plugin_name(experiment, PluginKind::selector)},
                   {"config", (summary.run_dir / "config.toml").string()},
                   {"time", provenance.at("time").get<std::string>()},
                   {"data_sha256", provenance.at("data_sha256").get<std::string>()},
                   {"command_line", base::shell_line(provenance.at("command_line").get<std::vector<std::string>>())}});
  page.set("size", fmt::format("{} classes · {} support images · {} queries · {} of {} channels",
                               base::grouped(summary.classes), base::grouped(summary.support_images),
                               base::grouped(summary.queries), summary.channels.size(), summary.width));
  page.set("versions",
           fmt::format("trefoil {} ({}) · LibTorch {} · seed {}", provenance.at("trefoil").get<std::string>(),
                       provenance.at("revision").get<std::string>(), provenance.at("libtorch").get<std::string>(),
                       experiment.seed));
  page.set("has_selector", experiment.plugin(PluginKind::selector) != nullptr);
  const auto* score = channels.score.data_ptr<double>();
  page.set("channel_chart", report::channel_chart({score, score + channels.width()}, channels.kept()));
  page.set("has_warnings", !summary.warnings.empty());
  page.set("warnings", report::text_list(summary.warnings));
  page.set("has_metrics", summary.metrics.has_value());
  page.set("has_subsets", summary.metrics && !summary.metrics->per_subset().empty());
  if (summary.metrics) {
    const std::vector<pipeline::Confusion> pairs = confused_pairs(*summary.metrics);
    page.set("tiles", metric_tiles(*summary.metrics));
    page.set("histogram", report::accuracy_histogram(class_percentages(*summary.metrics)));
    page.set("has_calibration", summary.metrics->calibration().queries() > 0);
    page.set("reliability", report::reliability_chart(summary.metrics->calibration()));
    page.set("hardest", hardest_classes(*summary.metrics, task.class_names));
    page.set("subsets", subset_rows(*summary.metrics));
    page.set("has_confused", !pairs.empty());
    page.set("confused", confused_rows(pairs, task.class_names));
    const PageData pictures = picture_rows(pairs, task);
    page.set("has_pictures", pictures.is_non_empty_list());
    page.set("pictures", pictures);
  }
  page.set("has_search", summary.search && !search_lines(*summary.search).empty());
  if (summary.search) page.set("searches", search_rows(*summary.search));
  page.set("has_collapse", summary.collapse.support.has_value());
  page.set("collapse", collapse_rows(summary.collapse));
  page.set("model", model_rows(summary));
  page.set("seconds", seconds_rows(summary));
  page.set("settings", settings_rows(experiment));
  return report::rendered(kReportTemplate, page);
}

}  // namespace trefoil::run
