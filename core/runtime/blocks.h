// Blocks: work on many rows in blocks of fixed size, each done by one thread.
//
// Parallelism is over blocks and never inside one, and the size of a block never depends on the number of threads. So
// every number is computed by the same instructions in the same order whatever that number is: results are identical to
// the bit.
#pragma once

#include <algorithm>
#include <cstdint>
#include <deque>
#include <future>
#include <utility>

namespace trefoil::runtime {

// From here on LibTorch and its BLAS use one thread for each operation, in every thread. Call once, before any work.
void use_one_thread_per_operation();

// Sets the process's malloc to return the memory of a freed block to the system at once. By default glibc keeps it for
// reuse, but with several threads it reuses little: a run on a million queries grew to 4.7 GiB instead of 0.2. A
// program calls this once, before any work. A program that does not call it keeps its own settings of malloc.
void return_freed_memory();

// While an object exists, freed memory is kept for the next block. For stages that repeat the same work, such as a
// network on many images, or training: the system clears fresh memory page by page, which took a third of their time.
// Has an effect only in programs that have called `return_freed_memory`. Objects may be nested.
class KeepFreedBlocks {
 public:
  KeepFreedBlocks();
  KeepFreedBlocks(const KeepFreedBlocks&) = delete;
  KeepFreedBlocks& operator=(const KeepFreedBlocks&) = delete;
  ~KeepFreedBlocks();
};

// OpenMP counts threads per thread: lets the calling one follow that rule too.
void inherit_thread_limit();

// Calls work(first, count) for every block of `total` rows, `threads` at a time, and consume(result) for each in order,
// on the calling thread. At most `threads` results exist besides the one that is consumed. Exceptions of either pass
// on.
template <typename Work, typename Consume>
void in_blocks(std::int64_t total, std::int64_t block, int threads, Work work, Consume consume) {
  using Result = decltype(work(std::int64_t{0}, std::int64_t{0}));
  std::deque<std::future<Result>> running;
  std::int64_t next = 0;
  const auto start_one = [&] {
    if (next >= total) return;
    running.push_back(std::async(std::launch::async, [&work, first = next, count = std::min(block, total - next)] {
      inherit_thread_limit();
      return work(first, count);
    }));
    next += block;
  };
  for (int i = 0; i < threads; ++i) start_one();
  while (!running.empty()) {
    Result result = running.front().get();
    running.pop_front();
    start_one();
    consume(std::move(result));
  }
}

}  // namespace trefoil::runtime
