/// @file
/// Helpers for tests of a plugin: Catch2 (version 2 or 3), a host that records what the plugin reports, and small
/// supports.
///
/// @code
/// #include <trefoil/selector.h>
/// #include <trefoil/testing.h>
///
/// TEST_CASE("every channel has a score") {
///   trefoil::testing::Made<trefoil::Selector> selector;
///   REQUIRE(selector->score(trefoil::testing::support_of({4, 4, 4})).size(0) == 16);
/// }
/// @endcode
///
/// The CMake function trefoil_add_plugin_tests links the sources of one plugin into the test program. The helpers below
/// test that plugin.
#pragma once

#include <ATen/ops/empty.h>

#include <cmath>
#include <cstdint>
#include <filesystem>
#include <initializer_list>
#include <map>
#include <memory>
#include <random>
#include <sstream>
#include <stdexcept>
#include <string>
#include <utility>
#include <vector>

#include "trefoil/adapter.h"
#include "trefoil/descriptor.h"
#include "trefoil/support.h"
#include "trefoil/tensor.h"

// LibTorch includes glog, which defines a macro CHECK, too.
#undef CHECK

#if __has_include(<catch2/catch_all.hpp>)
#include <catch2/catch_all.hpp>
#else
#include <catch2/catch.hpp>
#endif

/// The descriptor of the tested plugin. The macro of its kind (such as TREFOIL_SELECTOR) defines it.
extern "C" const trefoil::PluginDescriptor trefoil_plugin_v6;

/// Helpers for tests of a plugin. Use them from one thread.
namespace trefoil::testing {

/// A host with seed 1 and one thread. It records the log and the metrics of the plugin.
class RecordingHost final : public Host {
 public:
  /// Returns `seed_value`.
  std::uint64_t seed() const override { return seed_value; }
  /// Returns 1.
  int threads() const override { return 1; }
  /// Appends to `lines`. The level is not recorded.
  void log(LogLevel /*level*/, const std::string& line) override { lines.push_back(line); }
  /// Does nothing.
  void progress(std::int64_t /*done*/, std::int64_t /*total*/) override {}
  /// Records the value in `metrics`. Throws std::invalid_argument if it is not finite, like the host of a run.
  void metric(const std::string& name, double value) override {
    if (!std::isfinite(value)) throw std::invalid_argument("the metric '" + name + "' is not a finite number");
    metrics[name] = value;
  }
  /// Returns 64 zeros. Does not read the file.
  std::string file_sha256(const std::filesystem::path& /*file*/) override { return std::string(64, '0'); }

  std::uint64_t seed_value = 1;           ///< seed; set it before the plugin reads it
  std::vector<std::string> lines;         ///< lines of the log, in order
  std::map<std::string, double> metrics;  ///< metrics by name, without the prefix KIND/NAME
};

/// Returns the default of a declared parameter. For a required parameter, returns the default in its declaration.
/// Relative paths are not resolved.
inline ParameterValue default_of(const Parameter& declared) {
  const std::string text = declared.type == ParameterType::choice ? declared.choices : declared.text_default;
  switch (declared.type) {
    case ParameterType::boolean:
      return declared.boolean_default;
    case ParameterType::integer:
      return declared.integer_default;
    case ParameterType::real:
      return declared.real_default;
    case ParameterType::choice:
      return text.substr(0, text.find('|'));
    case ParameterType::text:
    case ParameterType::path:
      return text;
    case ParameterType::path_list:
    case ParameterType::text_list:
      break;
  }
  std::vector<std::string> elements;
  std::istringstream words(text);
  for (std::string word; std::getline(words, word, '|');) elements.push_back(word);
  return elements;
}

/// An object of the tested plugin, attached to a RecordingHost.
template <typename Interface>
class Made {
 public:
  /// Makes the object. `changes` are pairs of a parameter's name and a value of its declared type; all other parameters
  /// have their defaults. Bounds are not checked. Throws std::invalid_argument if the plugin has no such parameter, and
  /// std::logic_error if the plugin is not an `Interface`. Exceptions of the plugin's constructor pass through.
  explicit Made(std::initializer_list<std::pair<const char*, ParameterValue>> changes = {}) {
    Parameters::Values values;
    const auto add = [&](const Parameter& declared) {
      values[declared.name] = default_of(declared);
      for (const auto& [name, value] : changes) {
        if (declared.name == std::string(name)) values[name] = value;
      }
    };
    for (std::size_t i = 0; i < trefoil_plugin_v6.parameter_count; ++i) add(trefoil_plugin_v6.parameters[i]);
    if (trefoil_plugin_v6.declare != nullptr) {
      const ParameterList further = trefoil_plugin_v6.declare(Parameters(values));
      for (const Parameter& declared : further.all()) add(declared);
    }
    for (const auto& [name, value] : changes) {
      if (values.count(name) == 0) throw std::invalid_argument(std::string("there is no parameter ") + name);
    }
    owner_ = trefoil_plugin_v6.create(Parameters(std::move(values)));
    owner_->attach(host);
    object_ = dynamic_cast<Interface*>(owner_.get());
    if (object_ == nullptr) throw std::logic_error("the plugin is of another kind");
  }

  Made(const Made&) = delete;             ///< not copyable: the object keeps the host's address
  Made& operator=(const Made&) = delete;  ///< not copyable: the object keeps the host's address

  /// Returns the object, which exists as long as this. Never nullptr.
  Interface* operator->() const { return object_; }

  RecordingHost host;  ///< the host of the object

 private:
  std::unique_ptr<Plugin> owner_;
  Interface* object_ = nullptr;
};

/// Returns normally distributed numbers [rows, width], float32. Equal seeds give equal numbers.
inline torch::Tensor normal_rows(std::int64_t rows, std::int64_t width, std::uint32_t seed) {
  torch::Tensor numbers = torch::empty({rows, width}, torch::kFloat);
  std::mt19937 generator(seed);
  std::normal_distribution<float> normal;
  for (std::int64_t i = 0; i < numbers.numel(); ++i) numbers.data_ptr<float>()[i] = normal(generator);
  return numbers;
}

/// Returns a synthetic support, float32, without views: C = shots.size() classes, shots[c] images of class c scattered
/// around the text of the class, D = width channels. Equal arguments give equal results.
inline Support support_of(const std::vector<std::int64_t>& shots, std::int64_t width = 16) {
  const auto classes = static_cast<std::int64_t>(shots.size());
  std::int64_t images = 0;
  for (const std::int64_t count : shots) images += count;
  Support support;
  support.labels = torch::empty({images}, torch::kLong);
  auto* label = support.labels.data_ptr<std::int64_t>();
  for (std::int64_t c = 0; c < classes; ++c) {
    for (std::int64_t i = 0; i < shots[static_cast<std::size_t>(c)]; ++i) *label++ = c;
  }
  support.text = unit_rows(normal_rows(classes, width, 1));
  support.images = unit_rows(support.text.index_select(0, support.labels) + 0.2 * normal_rows(images, width, 2));
  return support;
}

/// Queries in memory, for adapters.
class RowQueries final : public Queries {
 public:
  /// Takes rows [N, D] of unit length.
  explicit RowQueries(torch::Tensor rows) : rows_(std::move(rows)) {}
  /// Returns N.
  std::int64_t count() const override { return rows_.size(0); }
  /// Returns D.
  std::int64_t width() const override { return rows_.size(1); }
  /// Returns the rows. Throws std::out_of_range if there are no such rows.
  torch::Tensor read(std::int64_t first, std::int64_t rows) const override {
    if (first < 0 || rows < 0 || first > count() - rows) throw std::out_of_range("there are no such queries");
    return rows_.narrow(/*dim=*/0, first, rows);
  }

 private:
  torch::Tensor rows_;
};

}  // namespace trefoil::testing
