// bench_encoder: images per second of the encoder "clip", called as the runner calls it, and the speed of the machine's
// matrix products at the shapes of that network. Prints one JSON object. tools/bench/encoder makes the input files and
// compares the result with PyTorch.
#include <ATen/ops/cat.h>
#include <ATen/ops/empty.h>
#include <ATen/ops/mm.h>
#include <ATen/ops/randn.h>
#include <fmt/format.h>

#include <CLI/CLI.hpp>
#include <algorithm>
#include <atomic>
#include <chrono>
#include <cstdio>
#include <dnnl.hpp>
#include <exception>
#include <filesystem>
#include <memory>
#include <nlohmann/json.hpp>
#include <stdexcept>
#include <string>
#include <thread>
#include <vector>

#include "base/sha256.h"
#include "config/settings.h"
#include "formats/npy_writer.h"
#include "null_host.h"
#include "runtime/blocks.h"
#include "runtime/registry.h"
#include "trefoil/encoder.h"
#include "trefoil/tensor_file.h"

namespace {

using namespace trefoil;
using Clock = std::chrono::steady_clock;

constexpr std::int64_t kBlock = 16;  // images that the runner gives to one thread

struct Options {
  std::filesystem::path plugins;
  std::string weights;
  std::string vocabulary;
  std::filesystem::path pixels;
  std::filesystem::path features;
  std::string precision = "float32";
  std::int64_t images = 256;
  int threads = static_cast<int>(std::max(1U, std::thread::hardware_concurrency()));
  int repetitions = 3;
};

Options parse(int argc, char** argv) {
  Options options;
  CLI::App app{"Images per second of the encoder clip, and the rate of matrix products, as JSON.", "bench_encoder"};
  app.add_option("--weights", options.weights, "Weights of the model")->required()->type_name("FILE");
  app.add_option("--vocabulary", options.vocabulary, "Vocabulary of the model")->required()->type_name("PATH");
  app.add_option("--pixels", options.pixels, "Images [n, 3, R, R] float32, n a multiple of 16")
      ->required()
      ->type_name("FILE.npy");
  app.add_option("--features", options.features, "File to write the features to")->type_name("FILE.npy");
  app.add_option("--precision", options.precision, "Precision of the encoder")->capture_default_str();
  app.add_option("--plugins", options.plugins, "Folder of the plugin (default: as the runner)")->type_name("DIR");
  app.add_option("--images", options.images, "Images to encode in a repetition: the given ones, over and over")
      ->check(CLI::PositiveNumber)
      ->capture_default_str();
  app.add_option("--threads", options.threads, "Threads (default: one a core)")->check(CLI::Range(1, 1024));
  app.add_option("--repetitions", options.repetitions, "Repetitions")
      ->check(CLI::PositiveNumber)
      ->capture_default_str();
  try {
    app.parse(argc, argv);
  } catch (const CLI::ParseError& error) {
    std::exit(app.exit(error));
  }
  return options;
}

std::unique_ptr<Plugin> make_encoder(const Options& options, Host& host) {
  const auto folders = options.plugins.empty() ? runtime::search_path({}) : std::vector{options.plugins};
  const runtime::Registry registry(folders);
  const runtime::LoadedPlugin* plugin = registry.find(PluginKind::encoder, "clip");
  if (plugin == nullptr) throw std::runtime_error(registry.why_missing(PluginKind::encoder, "clip"));
  Parameters::Values values;
  for (std::size_t i = 0; i < plugin->descriptor->parameter_count; ++i) {
    const Parameter& declared = plugin->descriptor->parameters[i];
    values[declared.name] = config::default_value(declared);
  }
  values["weights"] = options.weights;
  values["vocabulary"] = options.vocabulary;
  values["precision"] = options.precision;
  std::unique_ptr<Plugin> object = plugin->descriptor->create(Parameters(std::move(values)));
  object->attach(host);
  return object;
}

torch::Tensor read_pixels(const std::filesystem::path& file) {
  torch::Tensor pixels = read_tensor(file);
  if (pixels.dim() != 4 || pixels.scalar_type() != torch::kFloat || pixels.size(0) == 0 || pixels.size(0) % kBlock) {
    throw std::runtime_error(file.string() + ": it must hold float32 [n, 3, R, R], n a multiple of " +
                             std::to_string(kBlock));
  }
  return pixels;
}

torch::Tensor encode(const Encoder& encoder, const torch::Tensor& pixels, std::int64_t images, int threads) {
  std::vector<torch::Tensor> features;
  runtime::in_blocks(
      images, kBlock, threads,
      [&](std::int64_t first, std::int64_t count) {
        return encoder.encode_images(pixels.narrow(0, first % pixels.size(0), count));
      },
      [&](const torch::Tensor& block) { features.push_back(block); });
  return torch::cat(features);
}

template <typename Work>
double seconds_of(Work work) {
  const auto start = Clock::now();
  work();
  return std::chrono::duration<double>(Clock::now() - start).count();
}

// Returns the images per second of each repetition. The first pass over the pixels generates the kernels and is not
// timed.
std::vector<double> measure(const Encoder& encoder, const Options& options) {
  const torch::Tensor pixels = read_pixels(options.pixels);
  const torch::Tensor features = encode(encoder, pixels, pixels.size(0), options.threads);
  if (!options.features.empty()) formats::write_npy(options.features, features);
  std::vector<double> rates;
  for (int i = 0; i < options.repetitions; ++i) {
    const double seconds = seconds_of([&] { encode(encoder, pixels, options.images, options.threads); });
    rates.push_back(static_cast<double>(options.images) / seconds);
  }
  return rates;
}

// [rows, in] × [in, out]
struct Shape {
  std::int64_t rows;
  std::int64_t in;
  std::int64_t out;

  double flops() const { return 2. * static_cast<double>(rows * in * out); }
};

// The matrix products in a block of ViT-B/32, for 16 images with 50 positions each, and one product with more rows.
constexpr Shape kShapes[] = {{800, 768, 2304}, {800, 768, 768}, {800, 768, 3072}, {800, 3072, 768}, {1600, 768, 2304}};

// A product by oneDNN. The right-hand side is reordered in advance into the format that is fastest for the kernel. Use
// an object in one thread only, because oneDNN's scratch memory belongs to one thread.
class PackedProduct {
 public:
  explicit PackedProduct(const Shape& shape)
      : left_(torch::randn({shape.rows, shape.in})),
        result_(torch::empty({shape.rows, shape.out})),
        kernel_(description(shape)),
        packed_(description(shape).weights_desc(), cpu()) {
    torch::Tensor right = torch::randn({shape.in, shape.out});
    memory given({{shape.in, shape.out}, memory::data_type::f32, memory::format_tag::ab}, cpu(), right.data_ptr());
    dnnl::stream stream(cpu());
    dnnl::reorder(given, packed_).execute(stream, given, packed_);
    stream.wait();
  }

  void multiply() {
    dnnl::stream stream(cpu());
    kernel_.execute(stream, {{DNNL_ARG_SRC, of(left_)}, {DNNL_ARG_WEIGHTS, packed_}, {DNNL_ARG_DST, of(result_)}});
    stream.wait();
  }

 private:
  using memory = dnnl::memory;

  static const dnnl::engine& cpu() {
    static const dnnl::engine engine(dnnl::engine::kind::cpu, 0);
    return engine;
  }

  static memory of(const torch::Tensor& matrix) {
    const memory::desc description(matrix.sizes().vec(), memory::data_type::f32, memory::format_tag::ab);
    return {description, cpu(), matrix.data_ptr()};
  }

  static dnnl::matmul::primitive_desc description(const Shape& shape) {
    const auto matrix = [](std::int64_t rows, std::int64_t columns, memory::format_tag order) {
      return memory::desc({rows, columns}, memory::data_type::f32, order);
    };
    const memory::desc left = matrix(shape.rows, shape.in, memory::format_tag::ab);
    const memory::desc right = matrix(shape.in, shape.out, memory::format_tag::any);
    const memory::desc result = matrix(shape.rows, shape.out, memory::format_tag::ab);
#if DNNL_VERSION_MAJOR >= 3
    return {cpu(), left, right, result};
#else
    return {dnnl::matmul::desc(left, right, result), cpu()};
#endif
  }

  torch::Tensor left_;
  torch::Tensor result_;
  dnnl::matmul kernel_;
  memory packed_;
};

// A product by LibTorch, which calls its BLAS.
class TorchProduct {
 public:
  explicit TorchProduct(const Shape& shape)
      : left_(torch::randn({shape.rows, shape.in})),
        right_(torch::randn({shape.in, shape.out})),
        result_(torch::empty({shape.rows, shape.out})) {}

  void multiply() { at::mm_out(result_, left_, right_); }

 private:
  torch::Tensor left_;
  torch::Tensor right_;
  torch::Tensor result_;
};

// Returns the flops per second of one thread over a fifth of a second, which starts when all threads are ready.
template <typename Product>
double rate_of_thread(const Shape& shape, std::atomic<int>& threads_to_come) {
  Product product(shape);
  product.multiply();
  --threads_to_come;
  while (threads_to_come > 0) std::this_thread::yield();
  int products = 0;
  const double seconds = seconds_of([&] {
    const auto end = Clock::now() + std::chrono::milliseconds(200);
    for (; Clock::now() < end; ++products) product.multiply();
  });
  return products * shape.flops() / seconds;
}

// Returns the GFLOP/s of all threads together, the best of three measurements: disturbances only make it slower.
template <typename Product>
double gflops(const Shape& shape, int threads) {
  double best = 0;
  for (int i = 0; i < 3; ++i) {
    std::atomic<int> threads_to_come = threads;
    double sum = 0;
    runtime::in_blocks(
        threads, 1, threads, [&](auto, auto) { return rate_of_thread<Product>(shape, threads_to_come); },
        [&](double rate) { sum += rate; });
    best = std::max(best, sum / 1e9);
  }
  return best;
}

nlohmann::json measure_products(int threads) {
  nlohmann::json products;
  for (const Shape& shape : kShapes) {
    products.push_back({{"shape", {shape.rows, shape.in, shape.out}},
                        {"onednn_gflops", gflops<PackedProduct>(shape, threads)},
                        {"libtorch_gflops", gflops<TorchProduct>(shape, threads)}});
  }
  return products;
}

double best_of(const nlohmann::json& products, const char* key) {
  double best = 0;
  for (const auto& product : products) best = std::max(best, product[key].get<double>());
  return best;
}

nlohmann::json run(const Options& options) {
  bench::NullHost host;
  const std::unique_ptr<Plugin> plugin = make_encoder(options, host);
  auto& encoder = dynamic_cast<Encoder&>(*plugin);
  encoder.load(torch::kCPU);
  std::vector<double> rates = measure(encoder, options);
  const nlohmann::json products = measure_products(options.threads);
  nlohmann::json result = {{"threads", options.threads},
                           {"images", options.images},
                           {"all_images_per_second", rates},
                           {"products", products},
                           {"peak_gflops", best_of(products, "onednn_gflops")},
                           {"libtorch_gflops", best_of(products, "libtorch_gflops")}};
  std::sort(rates.begin(), rates.end());
  result["images_per_second"] = {{"best", rates.back()}, {"median", rates[rates.size() / 2]}};
  const dnnl_version_t& version = *dnnl_version();
  result["onednn"] = fmt::format("{}.{}.{}", version.major, version.minor, version.patch);
  return result;
}

}  // namespace

int main(int argc, char** argv) {
  const Options options = parse(argc, argv);
  // The runner does the same.
  runtime::use_one_thread_per_operation();
  runtime::return_freed_memory();
  const runtime::KeepFreedBlocks kept;
  try {
    fmt::print("{}\n", run(options).dump(2));
  } catch (const std::exception& error) {
    fmt::print(stderr, "bench_encoder: {}\n", error.what());
    return 1;
  }
}
