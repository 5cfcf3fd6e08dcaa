// bench_store: a feature store of many millions of made-up features: writing by several processes at once, opening,
// look-ups, reading, and resuming a list of which nine tenths are there. Prints one JSON object.
#include <ATen/ops/arange.h>
#include <ATen/ops/ones.h>
#include <fmt/format.h>
#include <sys/resource.h>
#include <sys/wait.h>
#include <unistd.h>

#include <CLI/CLI.hpp>
#include <algorithm>
#include <chrono>
#include <cstdio>
#include <exception>
#include <filesystem>
#include <nlohmann/json.hpp>
#include <random>
#include <stdexcept>
#include <vector>

#include "base/sha256.h"
#include "features/shard_buffer.h"
#include "features/store.h"

namespace {

using namespace trefoil;
using Clock = std::chrono::steady_clock;

struct Options {
  std::filesystem::path folder;
  std::int64_t features = 1'000'000;
  std::int64_t width = 512;
  int processes = 16;
};

constexpr std::int64_t kShard = 1024;         // features that are written together, as the runner does
constexpr std::int64_t kBlock = 1024;         // features that are read together, as a run does
constexpr std::int64_t kReads = 20 * kBlock;  // features that are read

Options parse(int argc, char** argv) {
  Options options;
  CLI::App app{"Times a feature store of many made-up features. Prints JSON.", "bench_store"};
  app.add_option("--out", options.folder, "Folder for the store: it must not exist, and is removed at the end")
      ->required()
      ->type_name("DIR");
  app.add_option("--features", options.features, "Number of features")
      ->check(CLI::PositiveNumber)
      ->capture_default_str();
  app.add_option("--width", options.width, "Channels of a feature")->check(CLI::PositiveNumber)->capture_default_str();
  app.add_option("--processes", options.processes, "Processes that write at once")
      ->check(CLI::Range(1, 256))
      ->capture_default_str();
  try {
    app.parse(argc, argv);
  } catch (const CLI::ParseError& error) {
    std::exit(app.exit(error));
  }
  return options;
}

base::Digest item(std::int64_t number) { return base::sha256_digest("item " + std::to_string(number)); }

features::FeatureStore open_store(const Options& options) { return {options.folder, "made-up", "{}\n"}; }

void write_shard(const Options& options, std::int64_t first, features::FeatureStore& store) {
  std::vector<base::Digest> items;
  for (std::int64_t i = first; i < std::min(first + kShard, options.features); ++i) items.push_back(item(i));
  const torch::Tensor numbers = torch::arange(first, first + static_cast<std::int64_t>(items.size()), torch::kFloat);
  store.add(items, numbers.unsqueeze(1) + torch::arange(options.width, torch::kFloat));
}

// Process p writes the shards p, p + processes, ….
void write_in_processes(const Options& options) {
  std::vector<pid_t> children;
  for (int process = 0; process < options.processes; ++process) {
    const pid_t child = fork();
    if (child < 0) throw std::runtime_error("a process cannot be started");
    if (child == 0) {
      features::FeatureStore store = open_store(options);
      for (std::int64_t shard = process; shard * kShard < options.features; shard += options.processes)
        write_shard(options, shard * kShard, store);
      _exit(0);
    }
    children.push_back(child);
  }
  for (const pid_t child : children) {
    int status = 0;
    waitpid(child, &status, 0);
    if (status != 0) throw std::runtime_error("a process that writes has failed");
  }
}

double peak_memory_mib() {
  rusage usage{};
  getrusage(RUSAGE_SELF, &usage);
  return static_cast<double>(usage.ru_maxrss) / 1024;
}

template <typename Work>
double seconds_of(Work work) {
  const auto start = Clock::now();
  work();
  return std::chrono::duration<double>(Clock::now() - start).count();
}

// Returns the numbers of the shards in random order.
std::vector<std::int64_t> random_order(std::int64_t count) {
  std::vector<std::int64_t> numbers(static_cast<std::size_t>(count));
  for (std::size_t i = 0; i < numbers.size(); ++i) numbers[i] = static_cast<std::int64_t>(i);
  std::shuffle(numbers.begin(), numbers.end(), std::mt19937_64(1));
  return numbers;
}

// Looks up every item and every tenth more, which is missing, in random order, and returns the number of missing ones.
std::int64_t look_up(const std::vector<base::Digest>& items, features::FeatureStore& store) {
  return std::count_if(items.begin(), items.end(), [&](const auto& item) { return !store.find(item); });
}

void read_random(const Options& options, features::FeatureStore& store) {
  std::mt19937_64 generator(2);
  for (std::int64_t block = 0; block < kReads / kBlock; ++block) {
    std::vector<features::RowRef> rows;
    for (std::int64_t i = 0; i < kBlock; ++i)
      rows.push_back(store.find(item(static_cast<std::int64_t>(generator() % options.features))).value());
    store.read(rows);
  }
}

nlohmann::ordered_json run(const Options& options) {
  nlohmann::ordered_json result = {{"features", options.features}, {"width", options.width}};
  result["write_seconds"] = seconds_of([&] { write_in_processes(options); });
  result["processes"] = options.processes;
  const double before = peak_memory_mib();
  std::unique_ptr<features::FeatureStore> store;
  result["open_seconds"] = seconds_of([&] { store = std::make_unique<features::FeatureStore>(open_store(options)); });
  result["open_memory_mib"] = peak_memory_mib() - before;
  if (!store->take_damage().empty()) throw std::runtime_error("the store is damaged");

  std::vector<base::Digest> wanted;  // nine tenths of them are there
  for (const std::int64_t number : random_order(options.features * 10 / 9)) wanted.push_back(item(number));
  std::int64_t missing = 0;
  result["first_look_up_seconds"] = seconds_of([&] { missing = look_up(wanted, *store); });
  const double seconds = seconds_of([&] { missing = look_up(wanted, *store); });
  result["look_ups_per_second"] = static_cast<double>(wanted.size()) / seconds;
  result["missing"] = missing;
  result["random_reads_per_second"] = static_cast<double>(kReads) / seconds_of([&] { read_random(options, *store); });
  return result;
}

}  // namespace

int main(int argc, char** argv) {
  const Options options = parse(argc, argv);
  if (std::filesystem::exists(options.folder)) {
    fmt::print(stderr, "bench_store: {}: it exists already; choose another folder\n", options.folder.string());
    return 2;
  }
  int status = 0;
  try {
    fmt::print("{}\n", run(options).dump(2));
  } catch (const std::exception& error) {
    fmt::print(stderr, "bench_store: {}\n", error.what());
    status = 1;
  }
  std::filesystem::remove_all(options.folder);
  return status;
}
