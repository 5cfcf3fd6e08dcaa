#include "run/report_rows.h"

#include <fmt/format.h>

#include <algorithm>
#include <utility>

#include "base/text.h"
#include "run/confused_pictures.h"
#include "run/search_output.h"

namespace trefoil::run {

namespace {

using report::row;
using report::text_list;

constexpr std::size_t kRows = 10;  // in the tables of the hardest classes and of confused pairs

std::string percentage(double value) { return fmt::format("{:.2f} %", value); }

}  // namespace

PageData metric_tiles(const pipeline::Metrics& metrics) {
  std::vector<std::pair<std::string, std::string>> shown = {{percentage(metrics.top1()), "top-1"},
                                                            {percentage(metrics.top5()), "top-5"},
                                                            {percentage(metrics.per_class_mean()), "mean of classes"}};
  const pipeline::Calibration& calibration = metrics.calibration();
  if (calibration.queries() > 0) {
    shown.emplace_back(percentage(*calibration.error()), "ECE");
    shown.emplace_back(fmt::format("{:.3f}", *calibration.loss()), "−log p");
  }
  return report::tiles(shown);
}

PageData subset_rows(const pipeline::Metrics& metrics) {
  PageData list{PageData::type::list};
  for (const auto& [subset, count] : metrics.per_subset()) {
    list << row({{"name", subset},
                 {"queries", base::grouped(count.queries)},
                 {"top1", percentage(pipeline::Metrics::percent(count.top1, count.queries))},
                 {"top5", percentage(pipeline::Metrics::percent(count.top5, count.queries))}});
  }
  return list;
}

std::vector<double> class_percentages(const pipeline::Metrics& metrics) {
  std::vector<double> percentages;
  for (const pipeline::ClassCount& count : metrics.per_class()) {
    if (count.queries > 0) percentages.push_back(pipeline::Metrics::percent(count.top1, count.queries));
  }
  return percentages;
}

PageData hardest_classes(const pipeline::Metrics& metrics, const std::vector<std::string>& names) {
  std::vector<std::size_t> order;
  for (std::size_t i = 0; i < names.size(); ++i) {
    if (metrics.per_class()[i].queries > 0) order.push_back(i);
  }
  const auto top1 = [&](std::size_t i) {
    return pipeline::Metrics::percent(metrics.per_class()[i].top1, metrics.per_class()[i].queries);
  };
  std::stable_sort(order.begin(), order.end(), [&](std::size_t a, std::size_t b) { return top1(a) < top1(b); });
  PageData list{PageData::type::list};
  for (std::size_t i = 0; i < std::min(kRows, order.size()); ++i) {
    const pipeline::ClassCount& count = metrics.per_class()[order[i]];
    list << row({{"name", names[order[i]]},
                 {"top1", fmt::format("{:.0f} %", top1(order[i]))},
                 {"top5", fmt::format("{:.0f} %", pipeline::Metrics::percent(count.top5, count.queries))}});
  }
  return list;
}

std::vector<pipeline::Confusion> confused_pairs(const pipeline::Metrics& metrics) {
  std::vector<pipeline::Confusion> pairs = metrics.confusion();
  pairs.erase(std::remove_if(pairs.begin(), pairs.end(), [](const auto& pair) { return pair.truth == pair.predicted; }),
              pairs.end());
  std::stable_sort(pairs.begin(), pairs.end(), [](const auto& a, const auto& b) { return a.count > b.count; });
  pairs.resize(std::min(kRows, pairs.size()));
  return pairs;
}

PageData confused_rows(const std::vector<pipeline::Confusion>& pairs, const std::vector<std::string>& names) {
  PageData list{PageData::type::list};
  for (const pipeline::Confusion& pair : pairs) {
    list << row({{"truth", names.at(static_cast<std::size_t>(pair.truth))},
                 {"predicted", names.at(static_cast<std::size_t>(pair.predicted))},
                 {"count", std::to_string(pair.count)}});
  }
  return list;
}

PageData picture_rows(const std::vector<pipeline::Confusion>& pairs, const trefoil::data::Task& task) {
  PageData list{PageData::type::list};
  for (const ConfusedPictures& pictures : confused_pictures(pairs, task)) {
    PageData entry = row({{"truth", task.class_names.at(static_cast<std::size_t>(pictures.pair->truth))},
                          {"predicted", task.class_names.at(static_cast<std::size_t>(pictures.pair->predicted))}});
    entry.set("queries", text_list(pictures.queries));
    entry.set("training", text_list(pictures.training));
    list << entry;
  }
  return list;
}

PageData model_rows(const Summary& summary) {
  PageData list{PageData::type::list};
  for (const auto& item : summary.chosen.items()) list << row({{"label", item.key()}, {"value", item.value().dump()}});
  if (summary.divergence) {
    list << row({{"label", "divergence of images from texts"},
                 {"value", fmt::format("{:.3f} ± {:.3f}", summary.divergence->mean, summary.divergence->deviation)}});
    list << row({{"label", "gain of γ on α"}, {"value", fmt::format("{:.4f}", summary.divergence->gain)}});
  }
  for (const auto& [part, count] : summary.parameter_counts)
    list << row({{"label", "parameters: " + part}, {"value", base::grouped(count)}});
  for (const auto& [name, value] : summary.plugin_metrics)
    list << row({{"label", name}, {"value", fmt::format("{:g}", value)}});
  return list;
}

PageData search_rows(const search::SearchResult& result) {
  PageData list{PageData::type::list};
  const std::vector<std::string> lines = search_lines(result);
  for (std::size_t i = 0; i < lines.size(); ++i) {
    list << row({{"line", lines[i]}, {"map", i < result.stages.size() ? search_map(result.stages[i]) : ""}});
  }
  return list;
}

PageData collapse_rows(const CollapseSummary& collapse) {
  PageData list{PageData::type::list};
  const auto add = [&](const char* of, const std::optional<CollapseChange>& change) {
    if (!change) return;
    for (const auto& [name, part] : {std::pair("NC1 spread within classes", &pipeline::Collapse::within),
                                     {"NC2 unequal norms of means", &pipeline::Collapse::norms},
                                     {"NC2 error of angles", &pipeline::Collapse::angles},
                                     {"NC3 means and classifier apart", &pipeline::Collapse::duality},
                                     {"NC4 nearest mean disagrees", &pipeline::Collapse::disagreement}}) {
      list << row({{"label", fmt::format("{}, {}", name, of)},
                   {"before", fmt::format("{:.4f}", change->before.*part)},
                   {"after", fmt::format("{:.4f}", change->after.*part)}});
    }
  };
  add("support", collapse.support);
  add("queries", collapse.queries);
  return list;
}

PageData seconds_rows(const Summary& summary) {
  PageData list{PageData::type::list};
  for (const auto& [stage, value] : summary.seconds)
    list << row({{"label", stage}, {"value", fmt::format("{:.3f} s", value)}});
  return list;
}

PageData settings_rows(const config::Experiment& experiment) {
  PageData list{PageData::type::list};
  for (const config::Setting& setting : config::settings_of(experiment)) {
    list << row(
        {{"key", setting.key}, {"value", config::toml_text(setting.value)}, {"origin", setting.value.origin.text()}});
  }
  return list;
}

}  // namespace trefoil::run
