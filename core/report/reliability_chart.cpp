#include "report/reliability_chart.h"

#include <fmt/format.h>

#include <algorithm>

#include "base/text.h"
#include "report/svg.h"

namespace trefoil::report {

namespace {

using Bin = pipeline::Calibration::Bin;

constexpr double kReliabilityLeft = 60;
constexpr double kReliabilityRight = kChartWidth - 20;
constexpr double kAccuracyTop = 34;
constexpr double kAccuracyBottom = 274;
constexpr double kShareTop = 324;
constexpr double kShareBottom = 384;
constexpr double kReliabilityHeight = 434;
constexpr auto kBinCount = static_cast<double>(pipeline::Calibration::kBins);

double confidence_place(double confidence) {
  return kReliabilityLeft + confidence * (kReliabilityRight - kReliabilityLeft);
}

double accuracy_place(double accuracy) { return kAccuracyBottom - accuracy * (kAccuracyBottom - kAccuracyTop); }

std::string note_of(const Bin& bin, double from, double to) {
  const auto queries = static_cast<double>(bin.queries);
  return fmt::format("probability {:.1f} % to {:.1f} %: {}, {:.2f} % right, mean probability {:.2f} %", 100 * from,
                     100 * to, base::counted(bin.queries, "query"), 100 * static_cast<double>(bin.right) / queries,
                     100 * bin.confidence / queries);
}

std::string share_text(double share) { return share < 0.005 ? "<1" : fmt::format("{:.0f}", 100 * share); }

// `share` is the part of all queries that is in the bin, and `tallest` the largest such part.
std::string bars_of(const Bin& bin, std::size_t index, double share, double tallest) {
  constexpr double kSpace = 2;
  const double from = static_cast<double>(index) / kBinCount;
  const double to = static_cast<double>(index + 1) / kBinCount;
  const double x = confidence_place(from) + kSpace;
  const double width = confidence_place(to) - kSpace - x;
  const double top = accuracy_place(static_cast<double>(bin.right) / static_cast<double>(bin.queries));
  const double share_height = std::max(0.5, share / tallest * (kShareBottom - kShareTop));
  const std::string note = note_of(bin, from, to);
  return rectangle(x, std::min(top, kAccuracyBottom - 0.5), width, std::max(kAccuracyBottom - top, 0.5), "kept", note) +
         rectangle(x, kShareBottom - share_height, width, share_height, "dropped", note) +
         text_at(x + width / 2, kShareBottom - share_height - 5, "middle", share_text(share));
}

std::string frame() {
  std::string svg = text_at(0, 18, "start", "right, %") + text_at(0, kShareTop - 24, "start", "queries, %");
  for (const double tick : {0.0, 0.2, 0.4, 0.6, 0.8, 1.0}) {
    const std::string text = fmt::format("{:.0f}", 100 * tick);
    svg += text_at(kReliabilityLeft - 8, accuracy_place(tick) + 5, "end", text);
    svg += text_at(confidence_place(tick), kShareBottom + 20, "middle", text);
  }
  return svg + text_at((kReliabilityLeft + kReliabilityRight) / 2, kReliabilityHeight - 6, "middle",
                       "probability of the best class, %");
}

}  // namespace

std::string reliability_chart(const pipeline::Calibration& calibration) {
  const auto& bins = calibration.bins();
  const auto queries = static_cast<double>(std::max<std::int64_t>(1, calibration.queries()));
  const auto share_of = [&](const Bin& bin) { return static_cast<double>(bin.queries) / queries; };
  double tallest = 0;
  for (const Bin& bin : bins) tallest = std::max(tallest, share_of(bin));
  std::string svg = opened_chart(kReliabilityHeight, "accuracy by probability of the best class") + frame();
  for (std::size_t i = 0; i < bins.size(); ++i) {
    if (bins[i].queries > 0) svg += bars_of(bins[i], i, share_of(bins[i]), tallest);
  }
  svg += line_between(confidence_place(0), accuracy_place(0), confidence_place(1), accuracy_place(1), "border");
  return svg + "</svg>";
}

}  // namespace trefoil::report
