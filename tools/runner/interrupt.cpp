#include "interrupt.h"

#include <csignal>

namespace runner {

namespace {

volatile std::sig_atomic_t interrupts_seen = 0;
volatile std::sig_atomic_t interrupts_handled = 1;

extern "C" void note_interrupt(int signal_number) {
  interrupts_seen = interrupts_seen + 1;
  if (interrupts_seen >= interrupts_handled) std::signal(signal_number, SIG_DFL);
}

}  // namespace

void catch_interrupts(int clean_stops) {
  interrupts_handled = clean_stops;
  struct sigaction action {};
  action.sa_handler = &note_interrupt;
  action.sa_flags = SA_RESTART;
  for (const int signal_number : {SIGINT, SIGTERM, SIGHUP, SIGXCPU}) {
    struct sigaction before {};
    ::sigaction(signal_number, nullptr, &before);
    if (before.sa_handler != SIG_IGN) ::sigaction(signal_number, &action, nullptr);
  }
}

int interrupts() { return interrupts_seen; }

}  // namespace runner
