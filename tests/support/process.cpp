#include "support/process.h"

#include <sys/wait.h>

#include <cstdlib>

#include "support/catch.h"
#include "support/files.h"

namespace tests {

std::string shell_word(const std::string& text) {
  std::string word = "'";
  for (const char c : text) word += c == '\'' ? std::string("'\\''") : std::string(1, c);
  return word + "'";
}

std::string runner_program() { return TREFOIL_TEST_RUNNER; }

Outcome run_shell(const std::string& command) {
  const TemporaryFolder folder;
  const std::string redirected = "( " + command + " ) > " + shell_word((folder / "out").string()) + " 2> " +
                                 shell_word((folder / "err").string()) + " < /dev/null";
  const int status = std::system(redirected.c_str());
  return {WIFEXITED(status) ? WEXITSTATUS(status) : -1, read(folder / "out"), read(folder / "err")};
}

Outcome run_runner(const std::vector<std::string>& arguments, const std::vector<std::string>& environment) {
  std::string command = "env";
  for (const std::string& each : environment) command += " " + shell_word(each);
  command += " " + shell_word(runner_program());
  for (const std::string& each : arguments) command += " " + shell_word(each);
  return run_shell(command);
}

nlohmann::json succeeded(const Outcome& outcome) {
  CAPTURE(outcome.err);
  REQUIRE(outcome.exit_code == 0);
  return outcome.json();
}

std::filesystem::path run_directory(const nlohmann::json& printed) { return printed.at("run_dir").get<std::string>(); }

std::string run_file(const nlohmann::json& printed, const std::string& name) {
  return read(run_directory(printed) / name);
}

void require_refused(const Outcome& outcome, const std::string& reason) {
  CAPTURE(outcome.err);
  REQUIRE(outcome.exit_code == 2);
  REQUIRE_THAT(outcome.err, ContainsSubstring(reason));
}

}  // namespace tests
