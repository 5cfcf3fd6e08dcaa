/// @file
/// For tests of a plugin: Catch2, version 2 or 3, a host that keeps what the plugin tells it, and small supports.
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
/// The test program holds the plugin's sources too, as trefoil_add_plugin_tests makes it: its one plugin is the one
/// that is tested.
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

#include "trefoil/descriptor.h"
#include "trefoil/support.h"
#include "trefoil/tensor.h"

// glog, which comes with LibTorch, has a CHECK of its own.
#undef CHECK

#if __has_include(<catch2/catch_all.hpp>)
#include <catch2/catch_all.hpp>
#else
#include <catch2/catch.hpp>
#endif

/// The descriptor of the plugin that is tested, which its sources define by the macro of its kind.
extern "C" const trefoil::PluginDescriptor trefoil_plugin_v2;

/// What a test of a plugin needs. To be used from one thread.
namespace trefoil::testing {

/// A host of seed 1 and one thread. What the plugin logs and reports can be looked at.
class RecordingHost final : public Host {
 public:
  /// `seed_value`.
  std::uint64_t seed() const override { return seed_value; }
  /// One.
  int threads() const override { return 1; }
  /// Adds to `lines`, whatever the level.
  void log(LogLevel /*level*/, const std::string& line) override { lines.push_back(line); }
  /// Nothing: no user interrupts a test.
  void progress(std::int64_t /*done*/, std::int64_t /*total*/) override {}
  /// Sets one of `metrics`. Throws std::invalid_argument unless it is finite, as a run's host does.
  void metric(const std::string& name, double value) override {
    if (!std::isfinite(value)) throw std::invalid_argument("the metric '" + name + "' is not a finite number");
    metrics[name] = value;
  }
  /// 64 zeros, and reads no file.
  std::string file_sha256(const std::filesystem::path& /*file*/) override { return std::string(64, '0'); }

  std::uint64_t seed_value = 1;           ///< to be set before the plugin asks
  std::vector<std::string> lines;         ///< of the log, in order
  std::map<std::string, double> metrics;  ///< by the plugin's own names, without KIND/NAME
};

/// The value that the host hands over when the experiment file sets none; what stands for it in the declaration for
/// those that must be set. Paths stay as they are declared.
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

/// An object of the plugin, with every parameter at its default but those given, attached to a host.
template <typename Interface>
class Made {
 public:
  /// `changes` are pairs of a parameter's name and value, of the declared type; bounds are not checked. Throws
  /// std::invalid_argument when there is no such parameter, std::logic_error when the plugin is no `Interface`, and
  /// what the plugin's constructor throws.
  explicit Made(std::initializer_list<std::pair<const char*, ParameterValue>> changes = {}) {
    Parameters::Values values;
    for (std::size_t i = 0; i < trefoil_plugin_v2.parameter_count; ++i) {
      const Parameter& declared = trefoil_plugin_v2.parameters[i];
      values[declared.name] = default_of(declared);
    }
    for (const auto& [name, value] : changes) {
      if (values.count(name) == 0) throw std::invalid_argument(std::string("there is no parameter ") + name);
      values[name] = value;
    }
    owner_ = trefoil_plugin_v2.create(Parameters(std::move(values)));
    owner_->attach(host);
    object_ = dynamic_cast<Interface*>(owner_.get());
    if (object_ == nullptr) throw std::logic_error("the plugin is of another kind");
  }

  Made(const Made&) = delete;             ///< the object keeps the host's address
  Made& operator=(const Made&) = delete;  ///< likewise

  /// The object, which lives as long as this. Never nullptr.
  Interface* operator->() const { return object_; }

  RecordingHost host;  ///< which the object talks to

 private:
  std::unique_ptr<Plugin> owner_;
  Interface* object_ = nullptr;
};

/// [rows, width] normal numbers, float32, the same for the same seed.
inline torch::Tensor normal_rows(std::int64_t rows, std::int64_t width, std::uint32_t seed) {
  torch::Tensor numbers = torch::empty({rows, width}, torch::kFloat);
  std::mt19937 generator(seed);
  std::normal_distribution<float> normal;
  for (std::int64_t i = 0; i < numbers.numel(); ++i) numbers.data_ptr<float>()[i] = normal(generator);
  return numbers;
}

/// So many images in each class, scattered about its text: C = shots.size() classes, D = width channels, float32,
/// without views. The same for the same arguments.
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

}  // namespace trefoil::testing
