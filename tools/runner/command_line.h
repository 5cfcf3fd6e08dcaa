// CommandLine: the options of the runner and of its commands, and the values that a user gives.
#pragma once

#include <CLI/CLI.hpp>

#include "commands.h"

namespace runner {

struct CommandLine {
  CLI::App app{"Few-shot image classification experiments, declared in TOML.", "runner"};
  RunOptions run;
  ShowOptions show;
  PluginsOptions plugins;
  CheckOptions check;
  EncodeOptions encode;
  PredictOptions predict;
  JobOptions job;
  ReportOptions report;
  SweepOptions sweep;
  std::string shell;  // the argument of `completion`
  CLI::App* predict_command = nullptr;
  CLI::App* job_command = nullptr;
  CLI::App* report_command = nullptr;
  CLI::App* status_command = nullptr;
  CLI::App* cancel_command = nullptr;
  CLI::App* encode_command = nullptr;
  CLI::App* show_command = nullptr;
  CLI::App* plugins_command = nullptr;
  CLI::App* check_command = nullptr;
  CLI::App* completion_command = nullptr;
  CLI::App* man_command = nullptr;

  bool json() const {
    return run.json || show.json || plugins.json || check.json || encode.json || predict.json || job.json ||
           report.json || sweep.json;
  }
};

// Declares all commands and options in `line.app`. Parsing `line.app` then fills the option structs of `line`.
void declare(CommandLine& line);

}  // namespace runner
