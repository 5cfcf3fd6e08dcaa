// EncoderKey: a name for everything that decides the features of an encoder.
#pragma once

#include <nlohmann/json.hpp>
#include <string>

#include "base/sha256.h"
#include "config/experiment.h"
#include "formats/image_decode.h"
#include "trefoil/tensor.h"

namespace trefoil::features {

struct EncoderKey {
  std::string sha256;       // of the description
  std::string description;  // JSON, for people and for the provenance
};

// The description has the SHA-256 of the plugin's library, its parameters, the SHA-256 of every file that they name or
// that Encoder::files returns, the device, Encoder::variant, the versions of LibTorch and of the pixels, and whether
// JPEGs are decoded fast. Makes an object of the plugin to call Encoder::files and Encoder::variant. Throws DataError
// when one of the files cannot be read, and PluginError.
EncoderKey encoder_key(const runtime::PluginChoice& encoder, torch::Device device, formats::Decode decode,
                       base::FileSums& sums);

// Returns how the images of a description were decoded.
formats::Decode decode_of(const nlohmann::ordered_json& description);

}  // namespace trefoil::features
