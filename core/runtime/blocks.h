// Blocks: parallel work on many rows, in blocks of fixed size. One thread computes one block.
//
// Several blocks run at once, but a block never uses more than one thread, and its size does not depend on the number
// of threads. Every number is therefore computed by the same instructions in the same order, and results are bitwise
// equal for every number of threads.
#pragma once

#include <algorithm>
#include <cstdint>
#include <deque>
#include <future>
#include <utility>

namespace trefoil::runtime {

// Makes LibTorch and its BLAS use one thread for each operation. Call it once, before any work.
void use_one_thread_per_operation();

// Makes malloc return freed memory to the system at once. By default glibc keeps it for reuse, but with several threads
// it reuses little: a run on a million queries grew to 4.7 GiB instead of 0.2. A program calls this once, before any
// work. A program that does not call it keeps its own settings of malloc.
void return_freed_memory();

// While an object of this class exists, malloc keeps freed memory for the next block. Use it for stages that repeat the
// same work, such as a network on many images, or training: the system clears new memory page by page, which took a
// third of their time. It has an effect only in programs that have called `return_freed_memory`. Objects may be nested.
class KeepFreedBlocks {
 public:
  KeepFreedBlocks();
  KeepFreedBlocks(const KeepFreedBlocks&) = delete;
  KeepFreedBlocks& operator=(const KeepFreedBlocks&) = delete;
  ~KeepFreedBlocks();
};

// Applies the rule of `use_one_thread_per_operation` to the calling thread, because OpenMP keeps the number of threads
// for each thread separately. in_blocks calls it in every thread that it starts.
void inherit_thread_limit();

// Calls work(first, count) for every block of `total` rows, at most `threads` blocks at once. Calls consume(result) for
// each block, in the order of the rows, on the calling thread. At most `threads` results exist besides the one that is
// consumed. Passes on exceptions of `work` and `consume`.
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
