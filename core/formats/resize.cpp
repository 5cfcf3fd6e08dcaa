// The method and its rounding are those of Pillow's src/libImaging/Resample.c (8 bits per channel): convolution with a
// kernel that widens with the scale, first along rows and then along columns. The result of the first step has 8 bits.
#include "formats/resize.h"

#include <algorithm>
#include <array>
#include <cmath>
#include <stdexcept>

#include "base/simd.h"

namespace trefoil::formats {

namespace {

constexpr double kWeightOne = 1 << 22;  // weights are rounded to multiples of 2^-22

// The number of rows that are filtered together. Six rows have 18 sums. GCC 12 compiles a loop over at most 16 sums to
// scalar code, which is slower.
constexpr std::int64_t kRows = 6;
constexpr std::int64_t kSums = kRows * kChannels;

// R. Keys, Cubic convolution interpolation for digital image processing, 1981, eq. 4, with a = -1/2. The order of the
// operations is Pillow's.
double cubic(double distance) {
  constexpr double kA = -0.5;
  const double x = std::abs(distance);
  if (x < 1.0) return ((kA + 2.0) * x - (kA + 3.0)) * x * x + 1.0;
  if (x < 2.0) return (((x - 5.0) * x + 8.0) * x - 4.0) * kA;
  return 0.0;
}

double triangle(double distance) { return std::max(0.0, 1.0 - std::abs(distance)); }

struct Kernel {
  double (*value)(double distance);
  double reach;  // the largest distance with a weight, in pixels
};

constexpr Kernel kernel_of(Interpolation interpolation) {
  return interpolation == Interpolation::bilinear ? Kernel{triangle, 1.0} : Kernel{cubic, 2.0};
}

// Rounds halves away from zero as Pillow does. std::round differs for the largest number below 0.5: Pillow rounds it
// up.
double round_half_away(double value) { return std::trunc(value + std::copysign(0.5, value)); }

// The weights of an output pixel for the source pixels from `first` on.
struct Taps {
  std::int64_t first = 0;
  std::vector<double> weights;  // whole numbers with a sum near kWeightOne
};

Taps make_taps(const Kernel& kernel, std::int64_t source_length, std::int64_t output_length, std::int64_t output) {
  // Pillow keeps the ends of the source in single precision.
  const double scale = static_cast<double>(static_cast<float>(source_length)) / static_cast<double>(output_length);
  const double widening = std::max(1.0, scale);
  const double reach = kernel.reach * widening;
  const double inverse = 1.0 / widening;
  const double center = (static_cast<double>(output) + 0.5) * scale;
  const auto first = std::max<std::int64_t>(0, static_cast<std::int64_t>(std::trunc(center - reach + 0.5)));
  const auto end = std::min(source_length, static_cast<std::int64_t>(std::trunc(center + reach + 0.5)));

  Taps taps{first, std::vector<double>(static_cast<std::size_t>(end - first))};
  double sum = 0.0;
  double position = static_cast<double>(first);
  for (double& weight : taps.weights) {
    weight = kernel.value((position - center + 0.5) * inverse);
    sum += weight;
    position += 1.0;
  }
  for (double& weight : taps.weights) weight = round_half_away(weight / sum * kWeightOne);
  return taps;
}

// The taps of consecutive output pixels, and the range [begin, end) of the source that they use.
struct Filter {
  std::vector<Taps> outputs;
  std::int64_t begin = 0;
  std::int64_t end = 0;

  std::int64_t length() const { return end - begin; }
};

Filter make_filter(const Kernel& kernel, std::int64_t source_length, std::int64_t output_length, std::int64_t first,
                   std::int64_t count) {
  Filter filter;
  filter.outputs.reserve(static_cast<std::size_t>(count));
  for (std::int64_t i = 0; i < count; ++i) {
    filter.outputs.push_back(make_taps(kernel, source_length, output_length, first + i));
  }
  const Taps& last = filter.outputs.back();
  filter.begin = filter.outputs.front().first;
  filter.end = last.first + static_cast<std::int64_t>(last.weights.size());
  return filter;
}

// Rows of pixels, `step` bytes apart.
struct Rows {
  const std::uint8_t* start;
  std::int64_t step;
  std::int64_t count;

  const std::uint8_t* row(std::int64_t number) const { return start + number * step; }
};

// Copies the rows `first` to `first + kRows` into `strip`, so that the channels of all rows at one x lie together.
// After the last row, the last row is repeated.
void interleave(const Rows& rows, std::int64_t first, std::int64_t length, double* strip) {
  for (std::int64_t i = 0; i < kRows; ++i) {
    const std::uint8_t* from = rows.row(std::min(first + i, rows.count - 1));
    double* to = strip + i * kChannels;
    for (std::int64_t x = 0; x < length; ++x) {
      for (std::int64_t c = 0; c < kChannels; ++c) to[x * kSums + c] = from[x * kChannels + c];
    }
  }
}

using Values = std::array<std::uint8_t, kSums>;

// Pillow sums in 32-bit integers. Doubles are as exact for whole numbers below 2^53, and a processor without SSE 4.1
// multiplies them faster. The fraction of the sum is cut off, whereas Pillow rounds down. These differ only below 0,
// where both give 0 after clamping.
TREFOIL_MULTIVERSIONED
Values weighted_sums(const double* strip, const std::vector<double>& weights) {
  std::array<double, kSums> sums{};
  sums.fill(kWeightOne / 2);
  for (const double weight : weights) {
    for (std::size_t i = 0; i < sums.size(); ++i) sums[i] += weight * strip[i];
    strip += kSums;
  }
  Values values{};
  for (std::size_t i = 0; i < sums.size(); ++i) {
    values[i] = static_cast<std::uint8_t>(std::clamp(static_cast<int>(sums[i] / kWeightOne), 0, 255));
  }
  return values;
}

void copy(const Values& values, std::int64_t count, std::uint8_t* to) {
  if (count == kSums) {
    std::copy(values.begin(), values.end(), to);  // two instructions, because the compiler knows the size
  } else {
    std::copy_n(values.begin(), count, to);
  }
}

// Filters along the rows. Rows start at the source pixel `filter.begin`. The result is transposed: it has one row for
// each output of the filter. Calling the function again with the result filters along the columns.
std::vector<std::uint8_t> filter_and_transpose(const Rows& rows, const Filter& filter) {
  const auto outputs = static_cast<std::int64_t>(filter.outputs.size());
  std::vector<std::uint8_t> result(static_cast<std::size_t>(outputs * rows.count * kChannels));
  std::vector<double> strip(static_cast<std::size_t>(filter.length() * kSums));
  for (std::int64_t first = 0; first < rows.count; first += kRows) {
    interleave(rows, first, filter.length(), strip.data());
    const std::int64_t wanted = std::min(kRows, rows.count - first) * kChannels;
    std::uint8_t* to = result.data() + first * kChannels;
    for (const Taps& taps : filter.outputs) {
      const Values values = weighted_sums(strip.data() + (taps.first - filter.begin) * kSums, taps.weights);
      copy(values, wanted, to);
      to += rows.count * kChannels;
    }
  }
  return result;
}

bool contains(Size outer, const Box& box) {
  return box.left >= 0 && box.top >= 0 && box.width > 0 && box.height > 0 && box.left <= outer.width - box.width &&
         box.top <= outer.height - box.height;
}

}  // namespace

Image resize(const Image& source, const Box& box, Size output, const Box& window, Interpolation interpolation) {
  const auto bytes = static_cast<std::uint64_t>(source.width * source.height * kChannels);
  if (source.rgb.size() != bytes)
    throw std::invalid_argument("the number of bytes of the image is not width x height x 3");
  if (!contains({source.width, source.height}, box)) throw std::invalid_argument("the box is not in the image");
  if (!contains(output, window)) throw std::invalid_argument("the window is not in the resized image");
  const Kernel kernel = kernel_of(interpolation);
  const Filter horizontal = make_filter(kernel, box.width, output.width, window.left, window.width);
  const Filter vertical = make_filter(kernel, box.height, output.height, window.top, window.height);

  const std::int64_t first_pixel = (box.top + vertical.begin) * source.width + box.left + horizontal.begin;
  const Rows rows{source.rgb.data() + first_pixel * kChannels, source.width * kChannels, vertical.length()};
  const std::vector<std::uint8_t> columns = filter_and_transpose(rows, horizontal);
  const Rows upright{columns.data(), rows.count * kChannels, window.width};
  return {window.width, window.height, filter_and_transpose(upright, vertical)};
}

}  // namespace trefoil::formats
