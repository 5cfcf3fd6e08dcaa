#include "workers.h"

#include <ATen/Parallel.h>

#include <algorithm>

namespace parallel {

Workers::Workers(int threads) {
  for (int worker = 1; worker < threads; ++worker) {
    threads_.emplace_back([this, worker] { wait_for_work(worker); });
  }
}

Workers::~Workers() {
  {
    const std::lock_guard<std::mutex> lock(mutex_);
    ending_ = true;
  }
  started_.notify_all();
  for (std::thread& thread : threads_) thread.join();
}

void Workers::run(std::int64_t tasks, const std::function<void(std::int64_t task, int worker)>& work) {
  std::unique_lock<std::mutex> lock(mutex_);
  work_ = &work;
  next_ = 0;
  tasks_ = tasks;
  unfinished_ = tasks;
  failure_ = nullptr;
  started_.notify_all();
  do_tasks(lock, 0);
  finished_.wait(lock, [this] { return unfinished_ == 0; });
  if (failure_) std::rethrow_exception(failure_);
}

void Workers::wait_for_work(int worker) {
  at::init_num_threads();  // OpenMP keeps its thread limit per thread; this applies the limit of the process
  std::unique_lock<std::mutex> lock(mutex_);
  while (!ending_) {
    do_tasks(lock, worker);
    started_.wait(lock, [this] { return ending_ || next_ < tasks_; });
  }
}

// Tasks are large, so taking a lock for each one costs little.
void Workers::do_tasks(std::unique_lock<std::mutex>& lock, int worker) {
  while (next_ < tasks_) {
    const std::int64_t task = next_++;
    lock.unlock();
    std::exception_ptr failure;
    try {
      (*work_)(task, worker);
    } catch (...) {
      failure = std::current_exception();
    }
    lock.lock();
    if (failure && !failure_) {
      failure_ = failure;
      unfinished_ -= tasks_ - next_;  // the remaining tasks are not started
      next_ = tasks_;
    }
    if (--unfinished_ == 0) finished_.notify_one();
  }
}

}  // namespace parallel
