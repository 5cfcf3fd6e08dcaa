#include "runtime/blocks.h"

#include <ATen/Parallel.h>
#include <dlfcn.h>
#include <malloc.h>

#include <atomic>

namespace trefoil::runtime {

namespace {

std::atomic<bool> program_asked = false;  // whether return_freed_memory was called
std::atomic<int> keepers = 0;             // number of KeepFreedBlocks objects that exist

void set_malloc(int largest_in_heap, int kept) {
#ifdef __GLIBC__
  ::mallopt(M_MMAP_THRESHOLD, largest_in_heap);
  ::mallopt(M_TRIM_THRESHOLD, kept);
#else
  (void)largest_in_heap;
  (void)kept;
#endif
}

void return_memory() {
  set_malloc(1 << 16, 1 << 17);
#ifdef __GLIBC__
  ::malloc_trim(0);
#endif
}

}  // namespace

void use_one_thread_per_operation() {
  at::set_num_threads(1);
  // OpenBLAS has its own threads, which LibTorch does not control. LibTorch may use another BLAS, so the function is
  // looked up at run time and not linked.
  using SetThreads = void (*)(int);
  if (auto* symbol = ::dlsym(RTLD_DEFAULT, "openblas_set_num_threads")) reinterpret_cast<SetThreads>(symbol)(1);
}

void return_freed_memory() {
  program_asked = true;
  return_memory();
}

KeepFreedBlocks::KeepFreedBlocks() {
  if (keepers++ == 0 && program_asked) set_malloc(1 << 25, 1 << 28);  // 32 MiB is glibc's limit
}

KeepFreedBlocks::~KeepFreedBlocks() {
  if (--keepers == 0 && program_asked) return_memory();
}

void inherit_thread_limit() { at::init_num_threads(); }

}  // namespace trefoil::runtime
