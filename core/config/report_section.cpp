#include "config/report_section.h"

namespace trefoil::config {

namespace {

const std::vector<Parameter>& report_parameters() {
  static const std::vector<Parameter> parameters = {
      parameter::text_list("rows", "", "axes that tell the rows of the table apart, such as \"method\""),
      parameter::text_list("columns", "", "axes that tell its columns apart, such as \"data.shots\""),
      parameter::text_list("blocks", "", "axes with a table of their own for each value, such as \"dataset\""),
      parameter::text("baseline", "", "row that the other rows are compared with; \"\": the best one"),
      parameter::path("reference", "", "CSV file of published accuracies, shown beside the results; \"\": none"),
  };
  return parameters;
}

// A single text stands for a list of one.
Table with_lists(const Table& section) {
  Table table = section;
  for (const char* key : {"rows", "columns", "blocks"}) {
    const Value* value = table.find(key);
    if (value != nullptr && value->text() != nullptr) table.set({key, value->origin, {Array{*value}, value->origin}});
  }
  return table;
}

}  // namespace

ReportChoice read_report_choice(const ExperimentFile& file) {
  const Value* section = file.table.find("report");
  if (section == nullptr) return {};
  Diagnostics diagnostics;
  if (section->table() == nullptr) {
    diagnostics.error(section->origin, std::string("'report' must be a section; got ") + section->type_name(),
                      "write [report]");
    diagnostics.throw_if_any();
  }
  std::vector<Setting> ignored;
  const Parameters parameters = read_settings(with_lists(*section->table()), "report", report_parameters(), {},
                                              std::filesystem::absolute(file.path).parent_path(), diagnostics, ignored);
  diagnostics.throw_if_any();
  return {parameters.list("rows"), parameters.list("columns"), parameters.list("blocks"), parameters.text("baseline"),
          parameters.text("reference")};
}

}  // namespace trefoil::config
