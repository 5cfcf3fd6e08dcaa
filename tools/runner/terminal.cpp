#include "terminal.h"

#include <fmt/format.h>
#include <spdlog/sinks/stdout_color_sinks.h>
#include <sys/ioctl.h>
#include <unistd.h>

#include <cstdio>

#include "base/errors.h"
#include "base/text.h"
#include "interrupt.h"

namespace runner {

namespace {

constexpr std::chrono::seconds kSilentTime{1};  // shorter stages show no progress
constexpr std::chrono::milliseconds kBarInterval{100};
constexpr std::chrono::seconds kLineInterval{5};
constexpr std::int64_t kBarWidth = 30;

std::string bar(std::int64_t done, std::int64_t total) {
  const std::int64_t filled = total > 0 ? kBarWidth * done / total : 0;
  std::string text;
  for (std::int64_t i = 0; i < kBarWidth; ++i) text += i < filled ? "█" : "░";
  return text;
}

// Whether the bar and the line fit into the width of the terminal. A line that wraps cannot be drawn over.
bool bar_fits(const std::string& line) {
  winsize size{};
  if (::ioctl(STDERR_FILENO, TIOCGWINSZ, &size) != 0 || size.ws_col == 0) return true;
  return static_cast<std::size_t>(size.ws_col) > line.size() + static_cast<std::size_t>(kBarWidth) + 1;
}

}  // namespace

Terminal::Terminal()
    : logger_("terminal", std::make_shared<spdlog::sinks::stderr_color_sink_mt>()),
      interactive_(::isatty(STDERR_FILENO) == 1) {
  logger_.set_pattern("%^%l%$ %v");
}

Terminal::~Terminal() { clear_bar(); }

void Terminal::log(trefoil::LogLevel level, const std::string& line) {
  clear_bar();
  logger_.log(level == trefoil::LogLevel::warning ? spdlog::level::warn : spdlog::level::info, "{}",
              trefoil::base::printable(line));
}

void Terminal::progress(const std::string& stage, std::int64_t done, std::int64_t total) {
  if (interrupted()) throw trefoil::Interrupted();
  show(stage, done, total);
}

void Terminal::show(const std::string& stage, std::int64_t done, std::int64_t total) {
  const Clock::time_point now = Clock::now();
  if (stage != stage_) {
    clear_bar();
    stage_ = stage;
    stage_start_ = now;
    time_left_ = trefoil::base::TimeLeft();
    last_drawn_ = now;
  }
  time_left_.add(std::chrono::duration<double>(now - stage_start_).count(), done);
  const auto interval = interactive_ ? Clock::duration(kBarInterval) : Clock::duration(kLineInterval);
  if (now - stage_start_ < kSilentTime || now - last_drawn_ < interval) return;
  last_drawn_ = now;
  draw(done, total);
}

void Terminal::draw(std::int64_t done, std::int64_t total) {
  const std::optional<double> left = time_left_.seconds(done, total);
  const std::string behind =
      (left ? ", " + trefoil::base::duration_text(*left) + " left" : "") + (note_.empty() ? "" : ", " + note_);
  if (interactive_) {
    const std::string line =
        fmt::format("{} {} of {}{}", stage_, trefoil::base::grouped(done), trefoil::base::grouped(total), behind);
    const std::string shown = bar_fits(line) ? bar(done, total) + " " : "";
    std::fputs(fmt::format("\r\033[K{}{}", shown, line).c_str(), stderr);
    std::fflush(stderr);
    bar_drawn_ = true;
  } else {
    logger_.info("{}: {} of {}{}", stage_, trefoil::base::grouped(done), trefoil::base::grouped(total), behind);
  }
}

void Terminal::clear_bar() {
  if (!bar_drawn_) return;
  std::fputs("\r\033[K", stderr);
  std::fflush(stderr);
  bar_drawn_ = false;
}

}  // namespace runner
