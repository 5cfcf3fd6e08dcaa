// JobFolder: where one job's results are, whether it is done, and who is working on it.
#pragma once

#include <filesystem>
#include <optional>
#include <string>

namespace trefoil::sweep {

enum class JobState {
  open,  // never begun, or begun and left: killed or interrupted
  done,
  failed,
};

// The right to work on a job, which no other process on any machine that sees the folder has meanwhile. It ends with
// the object, and with the process, however that ends.
class Claim {
 public:
  // Nothing when another has it. Throws RunError when the file cannot be made.
  static std::optional<Claim> take(const std::filesystem::path& file);

  // Whether somebody has it.
  static bool is_held(const std::filesystem::path& file);

  Claim(Claim&& other) noexcept;
  Claim& operator=(Claim&&) = delete;
  ~Claim();

 private:
  Claim(std::filesystem::path file, int descriptor, bool held);

  std::filesystem::path file_;
  int descriptor_;
  bool held_;
};

class JobFolder {
 public:
  JobFolder(const std::filesystem::path& sweep, const std::string& hash);

  const std::filesystem::path& path() const { return path_; }

  // What its status.json says.
  JobState state() const;

  // test.top1 of a done job in percent; nothing without labels.
  std::optional<double> accuracy() const;

  std::optional<Claim> claim() const;

  // Whether somebody works on it.
  bool is_claimed() const;

  // Removes the file of a claim whose holder was killed when its job was done, before it could.
  void remove_left_claim() const;

  // Removes what an unfinished or failed run has left. Only with a claim. Throws RunError.
  void clear() const;

 private:
  std::filesystem::path claim_file() const;

  std::filesystem::path path_;
};

}  // namespace trefoil::sweep
