// CommandLine: what the runner can be told.
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
  std::string shell;  // of `completion`
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

// Tells `line.app` everything; parsing it fills the options.
void declare(CommandLine& line);

}  // namespace runner
