// Report: a comparison as one HTML file, without scripts and without links to the network.
#pragma once

#include <filesystem>
#include <optional>
#include <string>

#include "report/compare.h"
#include "report/pivot.h"

namespace trefoil::report {

// `relative_to` is the folder of the file. Links to the reports of the runs are relative to it. With several data sets,
// the page shows their tables instead of the best setting and of charts over all runs, because accuracies of different
// data sets cannot be compared.
std::string report_html(const Comparison& comparison, const std::optional<Pivot>& pivot,
                        const std::filesystem::path& relative_to);

}  // namespace trefoil::report
