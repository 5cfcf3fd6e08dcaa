// Model: a trained classifier with everything that is needed to use it again, except the encoder's weights; and its
// file, model.safetensors.
//
// The file holds the classifier's tensors under the names of their fields, and with an adapter those of the support and
// the channels, such as "support.images"; undefined tensors are left out. The metadata holds JSON values:
// "trefoil_model", the version of this format; the classifier's numbers, written so that they are read back to the same
// bits; "experiment", "layout", "class_names", "subsets", "warnings"; "encoder", which names the
// weights by SHA-256 and is absent when the data held features; "relation", which is there only if the logits are code
// of a plugin; and "adapter", which is absent without one. "sha256" is the sum of all of it, as plain text.
#pragma once

#include <filesystem>
#include <optional>
#include <string>
#include <vector>

#include "run/adapter_recipe.h"
#include "run/encoder_recipe.h"
#include "run/relation_recipe.h"
#include "trefoil/channels.h"
#include "trefoil/classifier.h"
#include "trefoil/support.h"

namespace trefoil::run {

struct Model {
  std::string experiment;  // the name of the experiment that made it
  std::string layout;      // the layout of its data, which decides how images are listed and named
  Classifier classifier;
  std::vector<std::string> class_names;    // C
  std::vector<std::string> subsets;        // C, or empty, as in data::Task
  std::optional<EncoderRecipe> encoder;    // nothing when the data held features
  std::vector<std::string> warnings;       // warnings of the run, for users of the model
  std::optional<RelationRecipe> relation;  // needed if the classifier has custom logits

  // `predict` adapts the classifier to other queries with these three.
  std::optional<AdapterRecipe> adapter;  // nothing when the experiment has no adapter
  Support support;                       // with `adapter`
  Channels channels;                     // with `adapter`
};

// The classifier with contiguous tensors, as read_model returns it. The memory layout decides the order of summation,
// and so the rounding: with the same layout, predictions are equal to the bit.
Classifier with_contiguous_tensors(Classifier classifier);

// Writes the file atomically. The classifier is on the CPU. Its custom logits are not written: `relation` restores
// them. Throws RunError when the file cannot be written.
void write_model(const std::filesystem::path& file, const Model& model);

// The path of the model: `run_or_file` itself, or model.safetensors in that run directory. Throws DataError when it is
// missing.
std::filesystem::path find_model(const std::filesystem::path& run_or_file);

// Throws DataError unless the file is a complete model of this format, in float32, whose tensors agree with each other
// and with the classes. If the model needs a relation, the classifier must be restored by it before it is used.
Model read_model(const std::filesystem::path& file);

}  // namespace trefoil::run
