// A plugin of an earlier ABI. Its initialiser ends the process, so a test fails if the host runs it.
#include <cstdlib>

namespace {

struct Trap {
  Trap() { std::abort(); }
};

const Trap kTrap;

}  // namespace

extern "C" __attribute__((visibility("default"))) const int trefoil_plugin_v0 = 0;
