// Status: status.json, rewritten every few seconds while the run lives, so that others can tell a slow run from a dead
// one.
#pragma once

#include <condition_variable>
#include <cstdint>
#include <filesystem>
#include <mutex>
#include <string>
#include <thread>

namespace trefoil::run {

class Status {
 public:
  explicit Status(std::filesystem::path file);
  Status(const Status&) = delete;
  Status& operator=(const Status&) = delete;
  ~Status();  // a run that ends without `finish` is left as "failed"

  void progress(const std::string& stage, std::int64_t done, std::int64_t total);

  // "done", "failed" or "interrupted"; the last word, written at once. `error` may be empty. Does not throw when the
  // file cannot be written: the caller has something more important to say then.
  void finish(const std::string& state, const std::string& error);

 private:
  void beat();
  void try_to_write() const;  // with mutex_ held, like the next
  void write() const;

  std::filesystem::path file_;
  std::string started_;
  std::string state_ = "running";
  std::string error_;
  std::string stage_ = "start";
  std::int64_t done_ = 0;
  std::int64_t total_ = 0;
  mutable std::mutex mutex_;
  std::condition_variable finished_;
  std::thread heartbeat_;
};

}  // namespace trefoil::run
