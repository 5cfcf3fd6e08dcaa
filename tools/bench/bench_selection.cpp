// bench_selection: the time of the selectors at C = 1000 classes, K = 16 shots and D = 512 channels, compared with a
// sum over all pairs of classes. Both are measured in one run; each time is the median of several.
#include <ATen/ops/arange.h>
#include <ATen/ops/randn.h>
#include <fmt/format.h>

#include <algorithm>
#include <chrono>
#include <functional>
#include <memory>
#include <vector>

#include "config/settings.h"
#include "runtime/blocks.h"
#include "runtime/registry.h"
#include "trefoil/selector.h"
#include "trefoil/support.h"

namespace {

using namespace trefoil;

constexpr std::int64_t kClasses = 1000;
constexpr std::int64_t kShots = 16;
constexpr std::int64_t kWidth = 512;

double median_seconds(int repetitions, const std::function<void()>& work) {
  std::vector<double> seconds;
  for (int i = 0; i < repetitions; ++i) {
    const auto start = std::chrono::steady_clock::now();
    work();
    seconds.push_back(std::chrono::duration<double>(std::chrono::steady_clock::now() - start).count());
  }
  std::nth_element(seconds.begin(), seconds.begin() + repetitions / 2, seconds.end());
  return seconds[static_cast<std::size_t>(repetitions / 2)];
}

Support random_support() {
  Support support;
  support.text = unit_rows(torch::randn({kClasses, kWidth}));
  support.labels = torch::arange(kClasses).repeat_interleave(kShots);
  support.images = unit_rows(torch::randn({kClasses * kShots, kWidth}));
  return support;
}

// Returns S of one channel by its definition, as a sum over pairs of class means.
double similarity_over_pairs(const torch::Tensor& means, std::int64_t channel) {
  const torch::Tensor column = means.select(1, channel).contiguous();
  const auto* mean = column.data_ptr<float>();
  double sum = 0;
  for (std::int64_t i = 0; i < kClasses; ++i) {
    for (std::int64_t j = 0; j < kClasses; ++j) {
      if (i != j) sum += static_cast<double>(mean[i]) * static_cast<double>(mean[j]);
    }
  }
  return sum / static_cast<double>(kClasses * (kClasses - 1));
}

std::unique_ptr<Plugin> with_defaults(const runtime::LoadedPlugin& plugin) {
  Parameters::Values values;
  for (std::size_t i = 0; i < plugin.descriptor->parameter_count; ++i) {
    const Parameter& declared = plugin.descriptor->parameters[i];
    values[declared.name] = config::default_value(declared);
  }
  return plugin.descriptor->create(Parameters(std::move(values)));
}

}  // namespace

int main() {
  runtime::use_one_thread_per_operation();
  const Support support = random_support();
  const torch::Tensor means = class_sums(support.images, support.labels, kClasses) / static_cast<double>(kShots);
  double checksum = 0;
  const double pairs = kWidth * median_seconds(9, [&] { checksum += similarity_over_pairs(means, 0); });
  fmt::print("C = {}, K = {}, D = {}, one thread\nsum over pairs   {:8.2f} ms  (one channel times D; {:g})\n", kClasses,
             kShots, kWidth, 1e3 * pairs, checksum);
  const runtime::Registry registry(runtime::search_path({}));
  for (const char* name : {"similarity", "variance", "mixed"}) {
    const auto object = with_defaults(*registry.find(PluginKind::selector, name));
    const auto& selector = dynamic_cast<const Selector&>(*object);
    const double seconds = median_seconds(21, [&] { selector.score(support); });
    fmt::print("{:<16} {:8.2f} ms  ({:.0f} times as fast)\n", name, 1e3 * seconds, pairs / seconds);
  }
}
