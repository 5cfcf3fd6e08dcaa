#include "run/status.h"

#include <unistd.h>

#include <nlohmann/json.hpp>
#include <utility>

#include "base/atomic_file.h"
#include "base/errors.h"
#include "base/machine.h"

namespace trefoil::run {

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
    // The disk may be full now and have room at the next beat. If it has none, the run itself fails and reports it.
  }
}

void Status::write() const {
  nlohmann::ordered_json status = {{"state", state_},   {"stage", stage_},          {"done", done_},
                                   {"total", total_},   {"started", started_},      {"updated", base::utc_time()},
                                   {"pid", ::getpid()}, {"host", base::host_name()}};
  if (!error_.empty()) status["error"] = error_;
  base::write_atomically(file_, status.dump(2, ' ', false, nlohmann::json::error_handler_t::replace) + "\n");
}

}  // namespace trefoil::run
