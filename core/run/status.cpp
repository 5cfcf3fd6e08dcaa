#include "run/status.h"

#include <fcntl.h>
#include <unistd.h>

#include <nlohmann/json.hpp>
#include <utility>

#include "base/atomic_file.h"
#include "base/errors.h"
#include "base/machine.h"

namespace trefoil::run {

namespace {

// Replaces the text of an existing file in place. If that fails halfway, readers report the file as damaged.
void overwrite(const std::filesystem::path& file, const std::string& text) {
  const int descriptor = ::open(file.c_str(), O_WRONLY | O_CLOEXEC);
  if (descriptor < 0) return;
  [[maybe_unused]] const bool done =
      ::pwrite(descriptor, text.data(), text.size(), 0) == static_cast<ssize_t>(text.size()) &&
      ::ftruncate(descriptor, static_cast<off_t>(text.size())) == 0;
  ::close(descriptor);
}

}  // namespace

Status::Status(std::filesystem::path file, Heartbeat& heartbeat)
    : file_(std::move(file)), started_(base::utc_time()), heartbeat_(heartbeat) {
  write();
  call_ = heartbeat_.add([this] { beat(); });
}

Status::~Status() {
  heartbeat_.remove(call_);
  if (state_ == "running") finish("failed", "the run ended unexpectedly");
}

void Status::progress(const std::string& stage, std::int64_t done, std::int64_t total) {
  const std::lock_guard lock(mutex_);
  stage_ = stage;
  done_ = done;
  total_ = total;
}

void Status::finish(const std::string& state, const std::string& error) {
  const std::lock_guard lock(mutex_);
  state_ = state;
  error_ = error;
  try_to_write();
}

void Status::beat() {
  const std::lock_guard lock(mutex_);
  if (state_ == "running") try_to_write();
}

void Status::try_to_write() const {
  try {
    write();
  } catch (const Error&) {
    // The disk may be full. The final state then replaces the old text in place, which needs no new space.
    if (state_ != "running") overwrite(file_, text());
  }
}

void Status::write() const { base::write_atomically(file_, text()); }

std::string Status::text() const {
  nlohmann::ordered_json status = {{"state", state_},   {"stage", stage_},          {"done", done_},
                                   {"total", total_},   {"started", started_},      {"updated", base::utc_time()},
                                   {"pid", ::getpid()}, {"host", base::host_name()}};
  if (!error_.empty()) status["error"] = error_;
  return status.dump(2, ' ', false, nlohmann::json::error_handler_t::replace) + "\n";
}

}  // namespace trefoil::run
