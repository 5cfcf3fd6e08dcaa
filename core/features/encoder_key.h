// What decides the features of an encoder, as one name.
#pragma once

#include <string>

#include "base/sha256.h"
#include "config/experiment.h"
#include "trefoil/tensor.h"

namespace trefoil::features {

struct EncoderKey {
  std::string sha256;       // of the description
  std::string description;  // JSON, for people and for the provenance
};

// The plugin's library by content, its parameters, every file that they name by content, the device, and the versions
// of LibTorch and of the pixels. Throws DataError when one of the files cannot be read.
EncoderKey encoder_key(const runtime::PluginChoice& encoder, torch::Device device, base::FileSums& sums);

}  // namespace trefoil::features
