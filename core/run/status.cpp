#include "run/status.h"

#include <unistd.h>

#include <chrono>
#include <nlohmann/json.hpp>
#include <utility>

#include "base/atomic_file.h"
#include "base/errors.h"
#include "base/machine.h"

namespace trefoil::run {

namespace {

constexpr std::chrono::seconds kBeat{5};

}  // namespace

Status::Status(std::filesystem::path file) : file_(std::move(file)), started_(base::utc_time()) {
  write();
  heartbeat_ = std::thread([this] { beat(); });
}

Status::~Status() {
  bool running = false;
  {
    const std::lock_guard lock(mutex_);
    running = state_ == "running";
  }
  if (running) finish("failed", "the run ended unexpectedly");
  heartbeat_.join();
}

void Status::progress(const std::string& stage, std::int64_t done, std::int64_t total) {
  const std::lock_guard lock(mutex_);
  stage_ = stage;
  done_ = done;
  total_ = total;
}

void Status::finish(const std::string& state, const std::string& error) {
  {
    const std::lock_guard lock(mutex_);
    state_ = state;
    error_ = error;
  }
  finished_.notify_all();
  const std::lock_guard lock(mutex_);
  try_to_write();
}

void Status::beat() {
  std::unique_lock lock(mutex_);
  while (!finished_.wait_for(lock, kBeat, [this] { return state_ != "running"; })) {
    try_to_write();
  }
}

void Status::try_to_write() const {
  try {
    write();
  } catch (const Error&) {
    // A full disk now may have room at the next beat; if not, the run itself will say so.
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
