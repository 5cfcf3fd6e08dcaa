// A pool of threads. A training step is too short to start new threads for it.
#pragma once

#include <condition_variable>
#include <cstdint>
#include <exception>
#include <functional>
#include <mutex>
#include <thread>
#include <vector>

namespace parallel {

class Workers {
 public:
  explicit Workers(int threads);
  Workers(const Workers&) = delete;
  Workers& operator=(const Workers&) = delete;
  ~Workers();

  int count() const { return static_cast<int>(threads_.size()) + 1; }  // the calling thread works too

  // Calls work(task, worker) once for every task in [0, tasks), in any order and with any worker in [0, count()).
  // Returns when all tasks are done. Each task must write only to memory of its own, so that results do not depend on
  // the threads. If a task throws, no new task is started, and the first exception is rethrown once the started tasks
  // have ended.
  void run(std::int64_t tasks, const std::function<void(std::int64_t task, int worker)>& work);

 private:
  void wait_for_work(int worker);
  void do_tasks(std::unique_lock<std::mutex>& lock, int worker);

  std::mutex mutex_;  // guards all members below except threads_
  std::condition_variable started_;
  std::condition_variable finished_;
  const std::function<void(std::int64_t, int)>* work_ = nullptr;
  std::int64_t next_ = 0;
  std::int64_t tasks_ = 0;
  std::int64_t unfinished_ = 0;
  std::exception_ptr failure_;
  bool ending_ = false;
  std::vector<std::thread> threads_;
};

}  // namespace parallel
