// Threads that wait for work: a step of training is too short to start threads for it.
#pragma once

#include <condition_variable>
#include <cstdint>
#include <exception>
#include <functional>
#include <mutex>
#include <thread>
#include <vector>

namespace trefoil::training {

class Workers {
 public:
  explicit Workers(int threads);
  Workers(const Workers&) = delete;
  Workers& operator=(const Workers&) = delete;
  ~Workers();

  int count() const { return static_cast<int>(threads_.size()) + 1; }  // the calling thread works too

  // Calls work(task, worker) for every task in [0, tasks), each once, in no order and by any worker in [0, count());
  // returns when all are done. So that results are the same whoever did what, a task must write only what is its own.
  // The first exception passes on, after the tasks that had been started.
  void run(std::int64_t tasks, const std::function<void(std::int64_t task, int worker)>& work);

 private:
  void wait_for_work(int worker);
  void do_tasks(std::unique_lock<std::mutex>& lock, int worker);

  std::mutex mutex_;  // of everything below but the threads
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

}  // namespace trefoil::training
