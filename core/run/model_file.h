// Model: a trained classifier with everything that is needed to use it again but the encoder's weights; and its file,
// model.safetensors.
//
// The file holds the classifier's tensors under the names of their fields (those that are undefined are left out), and
// in its metadata, each value as JSON: "trefoil_model", the number of this format; the classifier's numbers, which read
// back to the same bits; "experiment", "layout", "class_names", "subsets", "warnings"; "encoder", which names the
// weights by SHA-256 and is left out where there was none; and "sha256" over all of it (as plain text).
#pragma once

#include <filesystem>
#include <optional>
#include <string>
#include <vector>

#include "run/encoder_recipe.h"
#include "trefoil/classifier.h"

namespace trefoil::run {

struct Model {
  std::string experiment;  // the name of the experiment that made it
  std::string layout;      // of its data; decides how images are listed and named
  Classifier classifier;
  std::vector<std::string> class_names;  // C
  std::vector<std::string> subsets;      // C, or empty, as in data::Task
  std::optional<EncoderRecipe> encoder;  // nothing when the data held features
  std::vector<std::string> warnings;     // what whoever uses the model should know of how it was made
};

// Not when its logits are code of a plugin.
bool can_be_saved(const Classifier& classifier);

// The same numbers, lying in memory as they will when they are read: the order decides how sums are rounded, and with
// it how near ties are broken.
Classifier as_read(Classifier classifier);

// Atomically, from a classifier on the CPU. Throws RunError when it cannot be written.
void write_model(const std::filesystem::path& file, const Model& model);

// The file itself, or model.safetensors of a run directory. Throws DataError when there is none.
std::filesystem::path find_model(const std::filesystem::path& run_or_file);

// Throws DataError, naming the file, what is wrong and what to do, unless it is a whole model of this format, in
// float32, whose tensors agree with each other and with the classes.
Model read_model(const std::filesystem::path& file);

}  // namespace trefoil::run
