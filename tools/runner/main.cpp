// runner: runs few-shot image classification experiments that TOML files declare.
#include <fcntl.h>
#include <fmt/format.h>
#include <unistd.h>

#include <algorithm>
#include <cstdio>
#include <exception>
#include <filesystem>
#include <nlohmann/json.hpp>
#include <string_view>

#include "base/errors.h"
#include "base/text.h"
#include "command_line.h"
#include "completion.h"
#include "json_line.h"
#include "man_page.h"
#include "runtime/blas.h"

namespace {

using runner::CommandLine;

void execute(CommandLine& line) {
  if (line.predict_command->parsed()) {
    runner::predict(line.predict);
  } else if (line.job_command->parsed()) {
    runner::job(line.job);
  } else if (line.report_command->parsed()) {
    runner::report(line.report);
  } else if (line.status_command->parsed()) {
    runner::sweep_status(line.sweep);
  } else if (line.cancel_command->parsed()) {
    runner::sweep_cancel(line.sweep);
  } else if (line.encode_command->parsed()) {
    runner::encode(line.encode);
  } else if (line.show_command->parsed()) {
    runner::show(line.show);
  } else if (line.check_command->parsed()) {
    runner::check_plugin(line.check);
  } else if (line.completion_command->parsed()) {
    const auto tree = runner::command_tree(line.app);
    fmt::print("{}", line.shell == "bash" ? runner::bash_completion(tree) : runner::zsh_completion(tree));
  } else if (line.man_command->parsed()) {
    fmt::print("{}", runner::man_page(runner::command_tree(line.app), line.app.get_footer()));
  } else if (line.plugins_command->parsed()) {
    runner::list_plugins(line.plugins);
  } else {
    runner::run(line.run);
  }
}

// Whether the command runs an experiment or a model. The others start faster without LibTorch's BLAS.
bool multiplies_matrices(const CommandLine& line) {
  return line.app.get_subcommands().empty() || line.predict_command->parsed() || line.job_command->parsed() ||
         line.encode_command->parsed();
}

int print_error(trefoil::ExitCode code, const std::string& message) {
  // Messages with a place in a file contain "error: " after the place.
  const bool has_prefix = message.substr(0, message.find('\n')).find("error: ") != std::string::npos;
  std::fputs(((has_prefix ? "" : "error: ") + trefoil::base::printable(message) + "\n").c_str(), stderr);
  return static_cast<int>(code);
}

void print_json_error(trefoil::ExitCode code, const std::string& message) {
  const nlohmann::ordered_json json = {{"error", message}, {"exit_code", static_cast<int>(code)}};
  std::fputs((runner::json_line(json) + "\n").c_str(), stdout);
}

// Does not throw: main() calls it in its catch blocks.
int report(const CommandLine& line, trefoil::ExitCode code, const std::string& message) {
  if (line.json()) print_json_error(code, message);
  return print_error(code, message);
}

// Opens /dev/null as stdin, stdout or stderr if it is closed. Otherwise the next file that is opened would get its
// number, and messages would be written into that file.
void open_standard_streams() {
  for (const int descriptor : {STDIN_FILENO, STDOUT_FILENO, STDERR_FILENO}) {
    // open() returns the lowest free number, which is this one.
    if (::fcntl(descriptor, F_GETFD) < 0 && ::open("/dev/null", O_RDWR) < 0) return;
  }
}

void require_working_directory() {
  std::error_code failure;
  const auto folder = std::filesystem::current_path(failure);
  if (failure || !std::filesystem::exists(folder, failure)) {
    throw trefoil::RunError("the working directory does not exist any more; change to another folder");
  }
}

// Whether --json was given, for a command line that cannot be parsed.
bool asks_for_json(int argc, char** argv) {
  return std::any_of(argv + 1, argv + argc, [](const char* word) { return std::string_view(word) == "--json"; });
}

// A command reads only its own options. An option before the command's name would be ignored, so it is an error.
void refuse_misplaced_options(const CommandLine& line) {
  const CLI::App* app = &line.app;
  for (; !app->get_subcommands().empty(); app = app->get_subcommands().front()) {
    for (const CLI::Option* option : app->get_options()) {
      if (option->count() > 0) {
        throw CLI::ValidationError(option->get_name(),
                                   "write it after '" + app->get_subcommands().front()->get_name() + "'");
      }
    }
  }
}

// Returns the exit code. Output may be lost on a full disk or a closed pipe; that is a failure.
int finished() {
  if (std::fflush(stdout) == 0) return 0;
  std::fputs("error: cannot write the result to stdout\n", stderr);
  return static_cast<int>(trefoil::ExitCode::failed);
}

}  // namespace

int main(int argc, char** argv) {
  open_standard_streams();
  CommandLine line;
  runner::declare(line);
  try {
    line.app.parse(argc, argv);
    refuse_misplaced_options(line);
  } catch (const CLI::ParseError& error) {
    if (line.app.exit(error) == 0) return finished();
    if (asks_for_json(argc, argv)) print_json_error(trefoil::ExitCode::configuration, error.what());
    return static_cast<int>(trefoil::ExitCode::configuration);
  }
  if (line.run.experiment.empty() && line.app.get_subcommands().empty()) {
    fmt::print("{}", line.app.help());
    return static_cast<int>(trefoil::ExitCode::configuration);
  }
  line.run.command_line.assign(argv, argv + argc);
  line.job.command_line = line.run.command_line;
  try {
    require_working_directory();
    if (multiplies_matrices(line)) trefoil::runtime::restart_with_fast_blas(argv);
    execute(line);
    return finished();
  } catch (const runner::FailedBehindResults& error) {
    return print_error(error.code(), error.what());
  } catch (const trefoil::Error& error) {
    return report(line, error.code(), error.what());
  } catch (const std::exception& error) {
    return report(line, trefoil::ExitCode::failed, error.what());
  } catch (...) {
    return report(line, trefoil::ExitCode::failed, "an exception that is not a std::exception was thrown");
  }
}
