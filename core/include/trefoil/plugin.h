/// @file
/// Plugin: the base of the four kinds, and what a plugin may ask of the run it is part of.
///
/// Authors include the header of their kind instead (encoder.h, selector.h, relation.h, head.h); it brings this one.
#pragma once

#include <cstdint>
#include <filesystem>
#include <string>

/// The plugin author's API: all that these headers declare.
namespace trefoil {

/// The kinds of plugin. Each is a table of the experiment file, and has a header with its interface.
enum class PluginKind : std::int32_t {
  encoder,   ///< features of images and texts, in encoder.h
  selector,  ///< scores of the channels, in selector.h
  relation,  ///< a classifier out of the support, in relation.h
  head       ///< the classifier, trained, in head.h
};

/// How much a line of the log matters.
enum class LogLevel : std::int32_t {
  info,    ///< worth knowing
  warning  ///< the user should look at it, and can do something about it
};

/// The run, as a plugin sees it. To be called from load, check_texts, score, relate and train only, on the thread that
/// called them.
class Host {
 public:
  virtual ~Host();  ///< a plugin never owns its host

  /// The experiment's seed. Two runs with one seed must give identical results.
  virtual std::uint64_t seed() const = 0;

  /// How many threads the user grants, at least one. Results must not depend on it.
  virtual int threads() const = 0;

  /// One line for the log, without a line end. The host adds the time and the plugin's name.
  virtual void log(LogLevel level, const std::string& line) = 0;

  /// `done` of `total` steps are finished. Cheap: call it as often as convenient. Throws a std::runtime_error when the
  /// user interrupted the run; let that exception pass.
  virtual void progress(std::int64_t done, std::int64_t total) = 0;

  /// A number for the results: written to summary.json as `figures."KIND/NAME.name"`; the last value of a name stays.
  /// Throws std::invalid_argument unless it is finite.
  virtual void metric(const std::string& name, double value) = 0;

  /// SHA-256 of a file's content, 64 hexadecimal digits; computed once a run. Throws std::runtime_error when it cannot
  /// be read.
  virtual std::string file_sha256(const std::filesystem::path& file) = 0;
};

/// A loaded plugin's object. The host makes one per run, and, while it searches, one for each setting that it tries;
/// the runs of a sweep may share an encoder. It attaches itself once, and calls nothing of an object after the run that
/// the Host belongs to; the shared library itself stays loaded for the life of the process.
///
/// The host owns the object, and makes, calls and deletes it. What an object throws ends the run: the host reports the
/// message and names the plugin. Anything derived from std::exception will do.
class Plugin {
 public:
  Plugin() = default;                         ///< without a host, which comes later
  Plugin(const Plugin&) = delete;             ///< the host holds the only one
  Plugin& operator=(const Plugin&) = delete;  ///< likewise
  virtual ~Plugin();                          ///< called by the host, who has made it

  /// For the host, which calls it once, before everything else. The object does not own it.
  void attach(Host& host) { host_ = &host; }

 protected:
  /// The run that this object is part of. Not available in constructors: throws std::logic_error until the host has
  /// attached itself.
  Host& host() const;

 private:
  Host* host_ = nullptr;
};

}  // namespace trefoil
