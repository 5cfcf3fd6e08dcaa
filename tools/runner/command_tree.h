// CommandTree: the command line as data, for what is made out of it besides --help: completion and the manual page.
#pragma once

#include <CLI/CLI.hpp>
#include <string>
#include <vector>

namespace runner {

struct OptionText {
  std::string name;                  // "--device"; of a positional argument what stands for it, "EXPERIMENT.toml"
  std::string value;                 // "DIR"; "" for a flag
  std::vector<std::string> choices;  // when it is one of a few words
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
  std::vector<std::string> subcommands;  // last words of their paths
};

// The program, then every command under it.
std::vector<CommandText> command_tree(const CLI::App& app);

}  // namespace runner
