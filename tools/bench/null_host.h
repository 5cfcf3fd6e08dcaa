// NullHost: a host for benchmarks of plugins. It ignores logs and progress, and records metrics.
#pragma once

#include <algorithm>
#include <map>
#include <string>
#include <thread>

#include "base/sha256.h"
#include "trefoil/plugin.h"

namespace bench {

class NullHost final : public trefoil::Host {
 public:
  std::uint64_t seed() const override { return 1; }
  int threads() const override { return static_cast<int>(std::max(1U, std::thread::hardware_concurrency())); }
  void log(trefoil::LogLevel /*level*/, const std::string& /*line*/) override {}
  void progress(std::int64_t /*done*/, std::int64_t /*total*/) override {}
  void metric(const std::string& name, double value) override { metrics[name] = value; }
  std::string file_sha256(const std::filesystem::path& file) override { return trefoil::base::sha256_of_file(file); }

  std::map<std::string, double> metrics;
};

}  // namespace bench
