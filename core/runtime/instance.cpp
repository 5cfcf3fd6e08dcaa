#include "runtime/instance.h"

#include <c10/util/Exception.h>

#include <cmath>
#include <exception>

#include "base/errors.h"
#include "base/text.h"
#include "runtime/checker.h"

namespace trefoil::runtime {

std::string description(const LoadedPlugin& plugin, const std::string& named_at) {
  return std::string(kind_name(plugin.descriptor->kind)) + "/" + plugin.descriptor->name + " (" + plugin.file.string() +
         "), named at " + named_at;
}

namespace detail {

namespace {

[[noreturn]] void throw_failed(const std::string& plugin, const char* where, const std::string& what) {
  throw PluginError("plugin " + plugin + ": " + where + " failed: " + base::one_line(what));
}

}  // namespace

void rethrow_as_plugin_error(const std::string& plugin, const char* where, const Explain& explain) {
  try {
    throw;
  } catch (const Interrupted&) {
    throw;
  } catch (const PluginError&) {
    throw;  // its message names the plugin already
  } catch (const ParameterError& error) {
    if (explain) throw PluginError(explain(error, std::string(where) + " failed"));
    const std::string place = "line " + std::to_string(error.line()) + ", column " + std::to_string(error.column());
    throw_failed(plugin, where,
                 (error.line() > 0 ? place + " of " : "") + "'" + error.parameter() + "': " + error.what() + "; " +
                     error.cure());
  } catch (const c10::Error& error) {
    const std::string text = error.what_without_backtrace();
    throw_failed(plugin, where, text.substr(0, text.find('\n')));
  } catch (const std::exception& error) {
    throw_failed(plugin, where, error.what());
  } catch (...) {
    throw_failed(plugin, where, "it threw an object that is not a std::exception");
  }
}

void throw_wrong_class(const std::string& plugin, PluginKind kind) {
  throw PluginError("plugin " + plugin + ": its object is not of the kind " + kind_name(kind) +
                    "; declare it with the macro of its kind, which checks this");
}

std::unique_ptr<Plugin> create(const PluginChoice& choice, const std::string& description, Host& host) {
  std::unique_ptr<Plugin> object;
  try {
    object = choice.plugin->descriptor->create(choice.parameters);
  } catch (...) {
    rethrow_as_plugin_error(description, "creating it", choice.explain);
  }
  if (!object) throw PluginError("plugin " + description + ": its create function returned a null pointer");
  object->attach(host);
  return object;
}

}  // namespace detail

namespace {

runtime::Checker checker_of(const std::string& plugin) {
  return runtime::Checker([&plugin](const std::string& name, const std::string& problem) {
    throw PluginError("plugin " + plugin + ": the " + name + " it returned " + problem);
  });
}

}  // namespace

void check_score(const torch::Tensor& score, std::int64_t width, const std::string& plugin) {
  const runtime::Checker check = checker_of(plugin);
  check.shape("score", score, {width});
  if (score.scalar_type() != torch::kDouble) check.type("score", score, torch::kFloat);
  check.finite("score", score);
}

void check_classifier(const Classifier& classifier, const Support& support, const std::string& plugin) {
  runtime::check_classifier(classifier, support.text.sizes(), support.text.scalar_type(), checker_of(plugin));
}

void check_features(const torch::Tensor& features, std::int64_t rows, std::int64_t width, const std::string& plugin) {
  const runtime::Checker check = checker_of(plugin);
  check.shape("features", features, {rows, width});
  check.type("features", features, torch::kFloat);
  check.finite("features", features);
}

void check_pixel_format(const PixelFormat& format, const std::string& plugin) {
  const auto require = [&](bool holds, const char* what) {
    if (!holds) {
      throw PluginError("plugin " + plugin + ": its pixel format has " + what +
                        ": correct it in the [encoder] section, or in the configuration beside the model");
    }
  };
  require(format.resolution > 0, "a resolution below 1");
  // The conditions are so written that a NaN does not fulfil them.
  for (const float mean : format.mean) require(mean >= 0 && mean <= 1, "a mean that is not in 0 to 1");
  for (const float deviation : format.deviation) {
    require(deviation > 0 && std::isfinite(deviation), "a deviation that is not above 0");
  }
}

void check_logits(const torch::Tensor& logits, std::int64_t rows, std::int64_t class_count, const std::string& plugin) {
  const runtime::Checker check = checker_of(plugin);
  check.shape("logits", logits, {rows, class_count});
  if (logits.scalar_type() != torch::kDouble) check.type("logits", logits, torch::kFloat);
  check.finite("logits", logits);
}

}  // namespace trefoil::runtime
