#include "workers.h"

#include <fcntl.h>
#include <spawn.h>
#include <sys/prctl.h>
#include <sys/wait.h>
#include <unistd.h>

#include <algorithm>
#include <chrono>
#include <csignal>
#include <cstring>
#include <thread>

#include "base/errors.h"

namespace runner {

Workers::~Workers() {
  stop();
  wait([] {});
}

void Workers::start(const std::vector<std::string>& arguments) {
  std::vector<char*> words;
  words.reserve(arguments.size() + 1);
  for (const std::string& argument : arguments) words.push_back(const_cast<char*>(argument.c_str()));
  words.push_back(nullptr);
  posix_spawn_file_actions_t actions;
  posix_spawn_file_actions_init(&actions);
  for (const int stream : {0, 1, 2}) posix_spawn_file_actions_addopen(&actions, stream, "/dev/null", O_RDWR, 0);
  posix_spawnattr_t attributes;
  posix_spawnattr_init(&attributes);
  posix_spawnattr_setflags(&attributes,
                           POSIX_SPAWN_SETPGROUP);  // its own group, so that Ctrl-C reaches only this process
  pid_t process = 0;
  const int failure = posix_spawn(&process, "/proc/self/exe", &actions, &attributes, words.data(), environ);
  posix_spawnattr_destroy(&attributes);
  posix_spawn_file_actions_destroy(&actions);
  if (failure != 0) throw trefoil::RunError(std::string("cannot start another process: ") + std::strerror(failure));
  processes_.push_back(process);
}

void end_with_parent(pid_t parent) {
  ::prctl(PR_SET_PDEATHSIG, SIGTERM);
  if (::getppid() != parent) throw trefoil::Interrupted();
}

void Workers::stop() {
  for (const pid_t process : processes_) ::kill(process, SIGTERM);
}

void Workers::wait(const std::function<void()>& while_waiting) {
  constexpr std::chrono::milliseconds kInterval{100};
  while (true) {
    const auto has_ended = [](pid_t process) { return ::waitpid(process, nullptr, WNOHANG) != 0; };
    processes_.erase(std::remove_if(processes_.begin(), processes_.end(), has_ended), processes_.end());
    if (processes_.empty()) return;
    while_waiting();
    std::this_thread::sleep_for(kInterval);
  }
}

}  // namespace runner
