#include "report/value_axis.h"

#include "report/svg.h"

namespace trefoil::report {

std::string value_axis(const Scale& scale, const std::vector<double>& ticks, double top, double bottom,
                       const std::string& title) {
  const std::vector<std::string> texts = tick_texts(ticks);
  std::string svg;
  for (std::size_t i = 0; i < ticks.size(); ++i) {
    const double x = scale.place(ticks[i]);
    svg += line_between(x, top, x, bottom, "grid") + text_at(x, bottom + 24, "middle", texts[i]);
  }
  return svg + text_at(kChartWidth / 2, bottom + kValueAxisHeight - 10, "middle", fitting(title));
}

}  // namespace trefoil::report
