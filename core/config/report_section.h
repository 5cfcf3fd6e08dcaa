// The section [report]: how the results of a sweep are shown. Jobs do not have this section, so changing it repeats
// nothing.
#pragma once

#include <filesystem>
#include <string>
#include <vector>

#include "config/resolve.h"

namespace trefoil::config {

// How the table of methods and shots is laid out. Axes are settings ("data.shots"), named axes ("method"), or
// "variant". Empty lists are chosen by the report.
struct ReportChoice {
  std::vector<std::string> rows;
  std::vector<std::string> columns;
  std::vector<std::string> blocks;
  std::string baseline;             // the row that others are compared with; "": the best one
  std::filesystem::path reference;  // CSV file of published accuracies; "": none
};

// Throws ConfigError with every mistake in the section.
ReportChoice read_report_choice(const ExperimentFile& file);

}  // namespace trefoil::config
