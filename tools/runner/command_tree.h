// CommandTree: the command line as data, from which the shell completion and the manual page are made.
#pragma once

#include <CLI/CLI.hpp>
#include <string>
#include <vector>

namespace runner {

struct OptionText {
  std::string name;                  // "--device"; for a positional argument its placeholder, "EXPERIMENT.toml"
  std::string value;                 // "DIR"; "" for a flag
  std::vector<std::string> choices;  // the allowed values, if only some words are allowed
  std::string help;
  std::string fallback;  // the default, or ""
  bool positional = false;
  bool required = false;
  bool repeated = false;  // may be given several times
};

struct CommandText {
  std::string path;  // "plugins check"; "" for the program itself
  std::string help;
  std::vector<OptionText> options;
  std::vector<std::string> subcommands;  // the last word of each path
};

// Returns the program itself, then all its commands.
std::vector<CommandText> command_tree(const CLI::App& app);

}  // namespace runner
