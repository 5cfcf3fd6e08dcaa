// Heartbeat: calls functions every few seconds, on one thread.
#pragma once

#include <condition_variable>
#include <functional>
#include <list>
#include <mutex>
#include <thread>

namespace trefoil::run {

class Heartbeat {
 public:
  Heartbeat();
  Heartbeat(const Heartbeat&) = delete;
  Heartbeat& operator=(const Heartbeat&) = delete;
  ~Heartbeat();

  using Call = std::list<std::function<void()>>::iterator;

  // Calls `beat` every five seconds until it is removed. `beat` must not throw, and must not use the Heartbeat.
  Call add(std::function<void()> beat);
  void remove(Call call);  // returns when the function is not running any more

 private:
  void run();

  std::mutex mutex_;  // held while the functions are called
  std::condition_variable stopping_;
  bool stopped_ = false;
  std::list<std::function<void()>> calls_;
  std::thread thread_;
};

}  // namespace trefoil::run
