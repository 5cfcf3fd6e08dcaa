// Quiet: plugins may report progress, which is where the user can interrupt, but not write into the log: a search makes
// them over and over.
#pragma once

#include <string>
#include <utility>

#include "pipeline/observer.h"

namespace trefoil::search {

class Quiet final : public pipeline::Observer {
 public:
  Quiet(pipeline::Observer& inner, std::string stage) : inner_(inner), stage_(std::move(stage)) {}

  void log(LogLevel /*level*/, const std::string& /*line*/) override {}
  void progress(const std::string& /*stage*/, std::int64_t /*done*/, std::int64_t /*total*/) override { show(); }

  // Setting `number` of `count`, and the share of it that is done.
  void at(std::size_t number, std::size_t count, double share) {
    done_ = static_cast<std::int64_t>((static_cast<double>(number) + share) / static_cast<double>(count) * kSteps);
    show();
  }

 private:
  static constexpr std::int64_t kSteps = 1000;
  void show() { inner_.progress(stage_, done_, kSteps); }

  pipeline::Observer& inner_;
  std::string stage_;
  std::int64_t done_ = 0;
};

}  // namespace trefoil::search
