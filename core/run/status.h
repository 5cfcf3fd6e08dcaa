// Status: status.json of a run. It is rewritten every few seconds while the run works, so that others can tell a slow
// run from a dead one.
#pragma once

#include <cstdint>
#include <filesystem>
#include <mutex>
#include <string>

#include "run/heartbeat.h"

namespace trefoil::run {

class Status {
 public:
  // `heartbeat` must outlive this. Throws RunError when the file cannot be written.
  Status(std::filesystem::path file, Heartbeat& heartbeat);
  Status(const Status&) = delete;
  Status& operator=(const Status&) = delete;
  ~Status();  // writes "failed" unless `finish` was called

  void progress(const std::string& stage, std::int64_t done, std::int64_t total);

  // Writes the final state: "done", "failed" or "interrupted". `error` may be empty. Does not throw when the file
  // cannot be written, because the caller is already reporting another error then.
  void finish(const std::string& state, const std::string& error);

 private:
  void beat();
  void try_to_write() const;  // the caller holds mutex_, as for `write`
  void write() const;
  std::string text() const;

  std::filesystem::path file_;
  std::string started_;
  std::string state_ = "running";
  std::string error_;
  std::string stage_ = "start";
  std::int64_t done_ = 0;
  std::int64_t total_ = 0;
  std::mutex mutex_;
  Heartbeat& heartbeat_;
  Heartbeat::Call call_;
};

}  // namespace trefoil::run
