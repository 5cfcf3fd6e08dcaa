#include "runtime/blas.h"

#include <dlfcn.h>
#include <unistd.h>

#include <algorithm>
#include <cstdlib>
#include <iterator>
#include <string_view>

namespace trefoil::runtime {

namespace {

constexpr const char* kCoreType = "OPENBLAS_CORETYPE";
constexpr const char* kRestarted = "TREFOIL_RESTARTED";  // set only between the two starts

// The code of OpenBLAS that this processor runs. LibTorch may use another BLAS, so the function is looked up at run
// time and not linked.
std::string openblas_core() {
  using CoreName = char* (*)();
  auto* symbol = ::dlsym(RTLD_DEFAULT, "openblas_get_corename");
  return symbol != nullptr ? reinterpret_cast<CoreName>(symbol)() : "";
}

// OpenBLAS's code without AVX2. It chooses the first of these for a processor that it does not know.
bool is_slow(std::string_view core) {
  constexpr std::string_view kSlow[] = {"Prescott", "Core2", "Penryn", "Dunnington", "Nehalem", "Sandybridge"};
  return std::find(std::begin(kSlow), std::end(kSlow), core) != std::end(kSlow);
}

// OpenBLAS's name of the fastest code that the processor can run, or nullptr if that is slow.
const char* best_core() {
#if defined(__x86_64__)
  const bool has_avx512 = __builtin_cpu_supports("avx512f") && __builtin_cpu_supports("avx512dq") &&
                          __builtin_cpu_supports("avx512bw") && __builtin_cpu_supports("avx512vl") &&
                          __builtin_cpu_supports("avx512cd");
  if (has_avx512) return "SkylakeX";
  if (__builtin_cpu_supports("avx2") && __builtin_cpu_supports("fma")) return "Haswell";
#endif
  return nullptr;
}

}  // namespace

std::string blas_name() {
  const std::string core = openblas_core();
  return core.empty() ? "" : "OpenBLAS " + core;
}

void restart_with_fast_blas(char** arguments) {
  if (std::getenv(kRestarted) != nullptr) {
    ::unsetenv(kRestarted);
    ::unsetenv(kCoreType);
    return;
  }
  const char* core = best_core();
  if (core == nullptr || std::getenv(kCoreType) != nullptr || !is_slow(openblas_core())) return;
  ::setenv(kCoreType, core, 1);
  ::setenv(kRestarted, "1", 1);
  ::execv("/proc/self/exe", arguments);
  ::unsetenv(kRestarted);
  ::unsetenv(kCoreType);
}

}  // namespace trefoil::runtime
