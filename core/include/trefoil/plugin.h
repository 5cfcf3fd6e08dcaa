/// @file
/// Plugin: the base class of all plugins, and Host: the functions that the host offers to a plugin.
///
/// Authors include the header of their kind instead (encoder.h, selector.h, relation.h, head.h, adapter.h), which
/// includes this one.
#pragma once

#include <cstdint>
#include <filesystem>
#include <string>

/// The API for authors of plugins.
namespace trefoil {

/// The kinds of plugin. Each kind has a table in the experiment file and a header with its interface.
enum class PluginKind : std::int32_t {
  encoder,   ///< computes features of images and texts (encoder.h)
  selector,  ///< scores the feature channels (selector.h)
  relation,  ///< builds a classifier from the support (relation.h)
  head,      ///< trains the classifier (head.h)
  adapter    ///< adapts the classifier to all queries together (adapter.h)
};

/// The level of a log line.
enum class LogLevel : std::int32_t {
  info,    ///< information
  warning  ///< a problem that the user can solve
};

/// The functions that the host offers to a plugin during a run. Call them only from load, check_texts, score, relate,
/// train and adapt, and only on the thread on which the host has called these.
class Host {
 public:
  virtual ~Host();  ///< a plugin never owns its host

  /// Returns the experiment's seed. Two runs with the same seed must give identical results.
  virtual std::uint64_t seed() const = 0;

  /// Returns the number of threads that the plugin may use, at least 1. Results must not depend on it.
  virtual int threads() const = 0;

  /// Writes one line to the log. `line` has no line end. The host adds the time and the plugin's name.
  virtual void log(LogLevel level, const std::string& line) = 0;

  /// Reports that `done` of `total` steps are finished. It is cheap, so call it after each step. Throws an exception
  /// derived from std::runtime_error if the user has interrupted the run; do not catch it.
  virtual void progress(std::int64_t done, std::int64_t total) = 0;

  /// Reports a metric. The host writes it to summary.json as `figures."KIND/NAME.name"`. A later value of the same name
  /// replaces an earlier one. Throws std::invalid_argument if `value` is not finite.
  virtual void metric(const std::string& name, double value) = 0;

  /// Returns the SHA-256 of a file's content, as 64 hexadecimal digits. The host computes it once per run. Throws
  /// std::runtime_error if the file cannot be read.
  virtual std::string file_sha256(const std::filesystem::path& file) = 0;
};

/// The base class of all plugins. The host creates, owns and deletes the objects: one per run, and in a search one for
/// each setting that it tries. The runs of a sweep may share an encoder. The host calls no method after the end of the
/// run, and never unloads the library.
///
/// An exception derived from std::exception ends the run. The host reports its message and the name of the plugin.
class Plugin {
 public:
  Plugin() = default;                         ///< the host is attached later
  Plugin(const Plugin&) = delete;             ///< not copyable
  Plugin& operator=(const Plugin&) = delete;  ///< not copyable
  virtual ~Plugin();                          ///< called by the host, which owns the object

  /// Sets the host. The host calls this once, before all other methods. The object does not own the host.
  void attach(Host& host) { host_ = &host; }

 protected:
  /// Returns the host of the run. Throws std::logic_error in constructors, because the host is attached later.
  Host& host() const;

 private:
  Host* host_ = nullptr;
};

}  // namespace trefoil
