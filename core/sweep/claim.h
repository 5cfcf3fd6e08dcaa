// Claim: the right to work on a job, or on a sweep's results, which no other process on any machine that sees the
// folder has meanwhile. It is a locked file, and ends with the object, and with the process, however that ends.
#pragma once

#include <filesystem>
#include <optional>

namespace trefoil::sweep {

class Claim {
 public:
  // Nothing when another has it. Throws RunError when the file cannot be made.
  static std::optional<Claim> take(const std::filesystem::path& file);

  // Waits until no other has it. Throws RunError when the file cannot be made.
  static Claim wait_for(const std::filesystem::path& file);

  // Whether somebody has it.
  static bool is_held(const std::filesystem::path& file);

  Claim(Claim&& other) noexcept;
  Claim& operator=(Claim&&) = delete;
  ~Claim();

 private:
  Claim(std::filesystem::path file, int descriptor, bool held);

  static std::optional<Claim> open(const std::filesystem::path& file, int operation);

  std::filesystem::path file_;
  int descriptor_;
  bool held_;
};

}  // namespace trefoil::sweep
