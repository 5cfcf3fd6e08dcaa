#include "run/heartbeat.h"

#include <chrono>
#include <utility>

namespace trefoil::run {

Heartbeat::Heartbeat() : thread_([this] { run(); }) {}

Heartbeat::~Heartbeat() {
  {
    const std::lock_guard lock(mutex_);
    stopped_ = true;
  }
  stopping_.notify_all();
  thread_.join();
}

Heartbeat::Call Heartbeat::add(std::function<void()> beat) {
  const std::lock_guard lock(mutex_);
  return calls_.insert(calls_.end(), std::move(beat));
}

void Heartbeat::remove(Call call) {
  const std::lock_guard lock(mutex_);
  calls_.erase(call);
}

void Heartbeat::run() {
  constexpr std::chrono::seconds kInterval{5};
  std::unique_lock lock(mutex_);
  while (!stopping_.wait_for(lock, kInterval, [this] { return stopped_; })) {
    for (const std::function<void()>& beat : calls_) beat();
  }
}

}  // namespace trefoil::run
