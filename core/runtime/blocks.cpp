#include "runtime/blocks.h"

#include <ATen/Parallel.h>
#include <dlfcn.h>
#include <malloc.h>

#include <atomic>

namespace trefoil::runtime {

namespace {

std::atomic<int> keepers = 0;  // of freed blocks, that live

}  // namespace

void use_one_thread_per_operation() {
  at::set_num_threads(1);
  // OpenBLAS has threads of its own, which LibTorch does not know of. Another BLAS may be behind LibTorch, so the
  // function is looked for rather than linked.
  using SetThreads = void (*)(int);
  if (auto* symbol = ::dlsym(RTLD_DEFAULT, "openblas_set_num_threads")) reinterpret_cast<SetThreads>(symbol)(1);
}

KeepFreedBlocks::KeepFreedBlocks() {
  if (keepers++ > 0) return;
#ifdef __GLIBC__
  constexpr int kLargeBytes = 1 << 25;  // the most that glibc takes
  constexpr int kKeptBytes = 1 << 28;
  ::mallopt(M_MMAP_THRESHOLD, kLargeBytes);
  ::mallopt(M_TRIM_THRESHOLD, kKeptBytes);
#endif
}

KeepFreedBlocks::~KeepFreedBlocks() {
  if (--keepers == 0) give_back_freed_blocks();
}

void give_back_freed_blocks() {
#ifdef __GLIBC__
  constexpr int kLargeBytes = 1 << 16;
  constexpr int kKeptBytes = 1 << 17;
  ::mallopt(M_MMAP_THRESHOLD, kLargeBytes);
  ::mallopt(M_TRIM_THRESHOLD, kKeptBytes);
  ::malloc_trim(0);
#endif
}

void inherit_thread_limit() { at::init_num_threads(); }

}  // namespace trefoil::runtime
