// Running the runner as a user does.
#pragma once

#include <filesystem>
#include <nlohmann/json.hpp>
#include <string>
#include <vector>

namespace tests {

struct Outcome {
  int exit_code = 0;
  std::string out;  // stdout
  std::string err;  // stderr

  nlohmann::json json() const { return nlohmann::json::parse(out); }
};

// `environment` is a list of NAME=VALUE added for the call.
Outcome run_runner(const std::vector<std::string>& arguments, const std::vector<std::string>& environment = {});

// Fails the test unless the command succeeded. -> what it printed with --json
nlohmann::json succeeded(const Outcome& outcome);

// The folder of a run, and a file in it, by what the runner printed with --json.
std::filesystem::path run_directory(const nlohmann::json& printed);
std::string run_file(const nlohmann::json& printed, const std::string& name);

// Fails the test unless the command ended with exit code 2 (wrong configuration) and names the reason on stderr.
void require_refused(const Outcome& outcome, const std::string& reason);

// Any command of the shell.
Outcome run_shell(const std::string& command);

// A word of a shell command, quoted.
std::string shell_word(const std::string& text);

std::string runner_program();

}  // namespace tests
