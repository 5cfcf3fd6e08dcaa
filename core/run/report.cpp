#include "run/report.h"

#include <fmt/format.h>

#include <algorithm>
#include <kainjow/mustache.hpp>

#include "run/charts.h"
#include "run/report_template.h"
#include "run/search_output.h"

namespace trefoil::run {

namespace {

using kainjow::mustache::data;

constexpr std::size_t kRows = 10;  // of the tables of hard classes and confused pairs

data row(std::initializer_list<std::pair<const char*, std::string>> fields) {
  data result{data::type::object};
  for (const auto& [key, value] : fields) result.set(key, value);
  return result;
}

std::string percentage(double value) { return fmt::format("{:.2f} %", value); }

// 1234567 -> "1,234,567"
std::string grouped(std::int64_t number) {
  std::string text = std::to_string(number);
  for (auto place = static_cast<std::int64_t>(text.size()) - 3; place > 0; place -= 3)
    text.insert(static_cast<std::size_t>(place), ",");
  return text;
}

data tiles(const pipeline::Metrics& metrics) {
  data list{data::type::list};
  list << row({{"value", percentage(metrics.top1())}, {"label", "top-1"}})
       << row({{"value", percentage(metrics.top5())}, {"label", "top-5"}})
       << row({{"value", percentage(metrics.per_class_mean())}, {"label", "mean of classes"}});
  return list;
}

data subset_rows(const pipeline::Metrics& metrics) {
  data list{data::type::list};
  for (const auto& [subset, count] : metrics.per_subset()) {
    list << row({{"name", subset},
                 {"queries", grouped(count.queries)},
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

data hardest_classes(const pipeline::Metrics& metrics, const std::vector<std::string>& names) {
  std::vector<std::size_t> order;
  for (std::size_t i = 0; i < names.size(); ++i) {
    if (metrics.per_class()[i].queries > 0) order.push_back(i);
  }
  const auto top1 = [&](std::size_t i) {
    return pipeline::Metrics::percent(metrics.per_class()[i].top1, metrics.per_class()[i].queries);
  };
  std::stable_sort(order.begin(), order.end(), [&](std::size_t a, std::size_t b) { return top1(a) < top1(b); });
  data list{data::type::list};
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

data confused_rows(const std::vector<pipeline::Confusion>& pairs, const std::vector<std::string>& names) {
  data list{data::type::list};
  for (const pipeline::Confusion& pair : pairs) {
    list << row({{"truth", names.at(static_cast<std::size_t>(pair.truth))},
                 {"predicted", names.at(static_cast<std::size_t>(pair.predicted))},
                 {"count", std::to_string(pair.count)}});
  }
  return list;
}

data model_rows(const Summary& summary) {
  data list{data::type::list};
  for (const auto& item : summary.chosen.items()) list << row({{"label", item.key()}, {"value", item.value().dump()}});
  if (summary.divergence) {
    list << row({{"label", "divergence of images from texts"},
                 {"value", fmt::format("{:.3f} ± {:.3f}", summary.divergence->mean, summary.divergence->deviation)}});
    list << row({{"label", "gain of γ on α"}, {"value", fmt::format("{:.4f}", summary.divergence->gain)}});
  }
  for (const auto& [part, count] : summary.account)
    list << row({{"label", "numbers: " + part}, {"value", grouped(count)}});
  for (const auto& [name, value] : summary.figures)
    list << row({{"label", name}, {"value", fmt::format("{:g}", value)}});
  return list;
}

data search_rows(const search::SearchResult& result) {
  data list{data::type::list};
  const std::vector<std::string> lines = search_lines(result);
  for (std::size_t i = 0; i < result.stages.size(); ++i) {
    list << row({{"line", lines[i]}, {"map", search_map(result.stages[i])}});
  }
  return list;
}

data collapse_rows(const CollapseSummary& collapse) {
  data list{data::type::list};
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

data seconds_rows(const Summary& summary) {
  data list{data::type::list};
  for (const auto& [stage, value] : summary.seconds)
    list << row({{"label", stage}, {"value", fmt::format("{:.3f} s", value)}});
  return list;
}

data settings_rows(const config::Experiment& experiment) {
  data list{data::type::list};
  for (const config::Setting& setting : experiment.settings) {
    list << row(
        {{"key", setting.key}, {"value", config::toml_text(setting.value)}, {"origin", setting.value.origin.text()}});
  }
  return list;
}

data text_list(const std::vector<std::string>& texts) {
  data list{data::type::list};
  for (const std::string& text : texts) list << data{text};
  return list;
}

std::string joined(const nlohmann::ordered_json& words) {
  std::string text;
  for (const auto& word : words) text += (text.empty() ? "" : " ") + word.get<std::string>();
  return text;
}

}  // namespace

std::string report_html(const Summary& summary, const Channels& channels, const std::vector<std::string>& class_names,
                        const config::Experiment& experiment, const nlohmann::ordered_json& provenance) {
  data page = row({{"experiment", summary.experiment},
                   {"submission", summary.submission.string()},
                   {"selector", experiment.selector.plugin->descriptor->name},
                   {"config", (summary.run_dir / "config.toml").string()},
                   {"time", provenance.at("time").get<std::string>()},
                   {"data_sha256", provenance.at("data_sha256").get<std::string>()},
                   {"command_line", joined(provenance.at("command_line"))}});
  page.set("size", fmt::format("{} classes · {} support images · {} queries · {} of {} channels",
                               grouped(summary.classes), grouped(summary.support_images), grouped(summary.queries),
                               summary.channels.size(), summary.width));
  page.set("versions",
           fmt::format("trefoil {} ({}) · LibTorch {} · seed {}", provenance.at("trefoil").get<std::string>(),
                       provenance.at("revision").get<std::string>(), provenance.at("libtorch").get<std::string>(),
                       experiment.seed));
  const auto* score = channels.score.data_ptr<double>();
  page.set("channel_chart", channel_chart({score, score + channels.width()}, channels.kept()));
  page.set("has_warnings", !summary.warnings.empty());
  page.set("warnings", text_list(summary.warnings));
  page.set("has_metrics", summary.metrics.has_value());
  page.set("has_subsets", summary.metrics && !summary.metrics->per_subset().empty());
  if (summary.metrics) {
    const std::vector<pipeline::Confusion> pairs = confused_pairs(*summary.metrics);
    page.set("tiles", tiles(*summary.metrics));
    page.set("histogram", accuracy_histogram(class_percentages(*summary.metrics)));
    page.set("hardest", hardest_classes(*summary.metrics, class_names));
    page.set("subsets", subset_rows(*summary.metrics));
    page.set("has_confused", !pairs.empty());
    page.set("confused", confused_rows(pairs, class_names));
  }
  page.set("has_search", summary.search && !summary.search->stages.empty());
  if (summary.search) page.set("searches", search_rows(*summary.search));
  page.set("has_collapse", summary.collapse.support.has_value());
  page.set("collapse", collapse_rows(summary.collapse));
  page.set("model", model_rows(summary));
  page.set("seconds", seconds_rows(summary));
  page.set("settings", settings_rows(experiment));
  return kainjow::mustache::mustache{kReportTemplate}.render(page);
}

}  // namespace trefoil::run
