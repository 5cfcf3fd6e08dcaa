#include "run/output_texts.h"

#include <fmt/format.h>

#include "base/csv.h"

namespace trefoil::run {

namespace {

// File names may hold bytes that are not UTF-8. JSON may not: they become U+FFFD.
std::string utf8_json(const nlohmann::ordered_json& json, int indent) {
  return json.dump(indent, ' ', false, nlohmann::json::error_handler_t::replace) + "\n";
}

}  // namespace

std::string json_text(const nlohmann::ordered_json& json) { return utf8_json(json, 2); }

std::string support_list(const data::Task& task) {
  std::string text;
  for (const data::ImageEntry& image : task.support_images)
    text += image.name + " " + std::to_string(image.label) + "\n";
  return text;
}

std::string metrics_line(const Summary& summary) {
  nlohmann::ordered_json line = {{"stage", "test"}};
  line.update(to_json(summary).at("metrics"));
  if (!summary.warnings.empty()) line["warnings"] = summary.warnings;
  return utf8_json(line, -1);
}

std::string confusion_table(const pipeline::Metrics& metrics, const std::vector<std::string>& class_names) {
  std::string table = "truth,predicted,count,truth_name,predicted_name\n";
  for (const pipeline::Confusion& pair : metrics.confusion()) {
    table += fmt::format("{},{},{},{},{}\n", pair.truth, pair.predicted, pair.count,
                         base::csv_text(class_names.at(static_cast<std::size_t>(pair.truth))),
                         base::csv_text(class_names.at(static_cast<std::size_t>(pair.predicted))));
  }
  return table;
}

}  // namespace trefoil::run
