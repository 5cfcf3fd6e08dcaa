// Report: a comparison as one HTML file that needs nothing else, neither network nor scripts.
#pragma once

#include <filesystem>
#include <string>

#include "report/compare.h"

namespace trefoil::report {

// `relative_to` is the folder that the file will lie in: links to the runs' own reports start there.
std::string report_html(const Comparison& comparison, const std::filesystem::path& relative_to);

}  // namespace trefoil::report
