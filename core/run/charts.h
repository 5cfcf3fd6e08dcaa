// Charts: small SVG pictures for the report, as text. Colours come from the page's style.
#pragma once

#include <cstdint>
#include <string>
#include <vector>

namespace trefoil::run {

// Scores, largest first, as columns; the first `kept` of them in the accent colour.
std::string channel_chart(std::vector<double> scores, std::int64_t kept);

// How many classes have an accuracy of 0–10 %, 10–20 %, … 90–100 %.
std::string accuracy_histogram(const std::vector<double>& percentages);

}  // namespace trefoil::run
