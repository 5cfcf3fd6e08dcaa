#include "interrupt.h"

#include <csignal>

namespace runner {

namespace {

volatile std::sig_atomic_t interrupt_seen = 0;

extern "C" void note_interrupt(int signal_number) {
  interrupt_seen = 1;
  std::signal(signal_number, SIG_DFL);
}

}  // namespace

void catch_interrupts() {
  std::signal(SIGINT, &note_interrupt);
  std::signal(SIGTERM, &note_interrupt);
}

bool interrupted() { return interrupt_seen != 0; }

}  // namespace runner
