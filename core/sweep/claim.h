// Claim: the exclusive right to work on a job, or on a sweep's results, among all processes on all machines that share
// the folder. It is a lock on a file. The lock ends with the object, and with the process, even when that is killed.
#pragma once

#include <filesystem>
#include <optional>

namespace trefoil::sweep {

class Claim {
 public:
  // Nothing when another process has the claim. Throws RunError when the file cannot be made.
  static std::optional<Claim> take(const std::filesystem::path& file);

  // Waits until no other process has the claim. Throws RunError when the file cannot be made.
  static Claim wait_for(const std::filesystem::path& file);

  // Whether some process has the claim. Looking does not take it, not even for a moment.
  static bool is_held(const std::filesystem::path& file);

  Claim(Claim&& other) noexcept;
  Claim& operator=(Claim&&) = delete;
  ~Claim();

 private:
  Claim(std::filesystem::path file, int descriptor, bool held);

  static std::optional<Claim> open(const std::filesystem::path& file, int command);

  std::filesystem::path file_;
  int descriptor_;
  bool held_;
};

}  // namespace trefoil::sweep
