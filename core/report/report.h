// Report: a comparison as one HTML file, without scripts and without links to the network.
#pragma once

#include <filesystem>
#include <string>

#include "report/compare.h"

namespace trefoil::report {

// `relative_to` is the folder of the file. Links to the reports of the runs are relative to it.
std::string report_html(const Comparison& comparison, const std::filesystem::path& relative_to);

}  // namespace trefoil::report
