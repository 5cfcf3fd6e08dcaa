// EncoderKey: a name for everything that decides the features of an encoder.
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

// The description has the SHA-256 of the plugin's library, its parameters, the SHA-256 of every file that they name or
// that Encoder::files returns, the device, and the versions of LibTorch and of the pixels. Makes an object of the
// plugin to call Encoder::files. Throws DataError when one of the files cannot be read, and PluginError.
EncoderKey encoder_key(const runtime::PluginChoice& encoder, torch::Device device, base::FileSums& sums);

}  // namespace trefoil::features
