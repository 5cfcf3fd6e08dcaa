// Plugin: the base of the four kinds, and what a plugin may ask of the run it is part of.
//
// Authors include the header of their kind instead (encoder.h, selector.h, relation.h, head.h); it brings this one.
#pragma once

#include <cstdint>
#include <filesystem>
#include <string>

namespace trefoil {

enum class PluginKind : std::int32_t { encoder, selector, relation, head };

enum class LogLevel : std::int32_t { info, warning };

// The run, as a plugin sees it. To be called from load, check_texts, score, relate and train only, on the thread that
// called them.
class Host {
 public:
  virtual ~Host();

  // The experiment's seed. Two runs with one seed must give identical results.
  virtual std::uint64_t seed() const = 0;

  // How many threads the user grants, at least one. Results must not depend on it.
  virtual int threads() const = 0;

  // One line for the log, without a line end. The host adds the time and the plugin's name.
  virtual void log(LogLevel level, const std::string& line) = 0;

  // `done` of `total` steps are finished. Cheap: call it as often as convenient. Throws when the user interrupted the
  // run; let that exception pass.
  virtual void progress(std::int64_t done, std::int64_t total) = 0;

  // A number worth keeping: written to summary.json as figures."KIND/NAME.name"; the last value of a
  // name stays. Throws std::invalid_argument unless it is finite.
  virtual void figure(const std::string& name, double value) = 0;

  // SHA-256 of a file's content, 64 hexadecimal digits; computed once a run. Throws when the file cannot be read.
  virtual std::string file_sha256(const std::filesystem::path& file) = 0;
};

// A loaded plugin's object. The host makes one per run, and, while it searches, one for each setting that it tries; the
// runs of a sweep may share an encoder. It attaches itself once, and calls nothing of an object after the run that the
// Host belongs to; the shared library itself stays loaded for the life of the process.
class Plugin {
 public:
  Plugin() = default;
  Plugin(const Plugin&) = delete;
  Plugin& operator=(const Plugin&) = delete;
  virtual ~Plugin();

  void attach(Host& host) { host_ = &host; }

 protected:
  // Not available in constructors: throws std::logic_error until the host has attached itself.
  Host& host() const;

 private:
  Host* host_ = nullptr;
};

}  // namespace trefoil
