// The place that LibTorch has noted for a part of a script.
#pragma once

#include <torch/csrc/jit/frontend/source_range.h>

#include "mistake.h"

namespace script {

// LibTorch counts columns from 0.
inline Place place_of(const torch::jit::SourceRange& range) {
  const auto found = range.file_line_col();
  if (!found) return {};
  return {static_cast<std::int64_t>(std::get<1>(*found)), static_cast<std::int64_t>(std::get<2>(*found)) + 1};
}

}  // namespace script
