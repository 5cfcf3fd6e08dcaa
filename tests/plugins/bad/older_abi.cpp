// A plugin of an earlier ABI. Its initialiser ends the process: it must never run.
#include <cstdlib>

namespace {

struct Trap {
  Trap() { std::abort(); }
};

const Trap kTrap;

}  // namespace

extern "C" __attribute__((visibility("default"))) const int trefoil_plugin_v0 = 0;
