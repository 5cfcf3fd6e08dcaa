// Transformer: CLIP's stack of residual attention blocks, in images and in texts.
#pragma once

#include <cstdint>
#include <memory>
#include <mutex>
#include <string>
#include <vector>

#include "architecture.h"
#include "attention.h"
#include "compute.h"
#include "linear.h"
#include "weights.h"

namespace clip {

// Normalisation over the last dimension, with learned scale and shift (Ba et al., 2016).
class LayerNorm {
 public:
  LayerNorm(Weights& weights, const std::string& name, std::int64_t width, const Compute& compute);
  torch::Tensor operator()(const torch::Tensor& rows) const;
  void into(torch::Tensor& target, const torch::Tensor& rows) const;

 private:
  Kernels kernels_;
  torch::Tensor scale_;
  torch::Tensor shift_;
};

// What a block computes on its way.
struct Workspace {
  Workspace(const torch::Tensor& rows, std::int64_t width);

  std::int64_t rows() const { return normed.size(0); }
  // The same memory, for fewer rows.
  Workspace first(std::int64_t count) const;

  torch::Tensor normed;     // [n·t, width]
  torch::Tensor projected;  // [n·t, 3·width]
  torch::Tensor attended;   // [n·t, width]
  torch::Tensor hidden;     // [n·t, 4·width]
};

// Workspaces that are used again, from block to block and from call to call: fresh memory costs more than some of the
// steps, because the system clears it page by page. There are as many as threads that ever called at once.
class WorkspacePool {
 public:
  std::unique_ptr<Workspace> take(const torch::Tensor& rows, std::int64_t width);  // for at least as many rows
  void give_back(std::unique_ptr<Workspace> workspace);

 private:
  std::mutex mutex_;
  std::vector<std::unique_ptr<Workspace>> free_;
};

// x + attention(norm(x)), then x + mlp(norm(x)).
class ResidualBlock {
 public:
  ResidualBlock(Weights& weights, const std::string& name, const TransformerSizes& sizes, const Compute& compute);

  // What the attention adds to x [n·t, width], before its output projection: workspace.attended.
  void attend(const torch::Tensor& rows, std::int64_t sequences, Mask mask, Workspace& workspace) const;
  // The rest of the block, row by row: x [m, width] and what `attend` gave for its rows. `rows` becomes the result.
  void finish(torch::Tensor& rows, const torch::Tensor& attended, Workspace& workspace) const;

 private:
  Kernels kernels_;
  std::int64_t heads_;
  LayerNorm norm_before_attention_;
  Linear projection_in_;
  Linear projection_out_;
  LayerNorm norm_before_mlp_;
  Linear mlp_in_;
  Linear mlp_out_;
};

class Transformer {
 public:
  // `prefix`: "visual." or "".
  Transformer(Weights& weights, const std::string& prefix, const TransformerSizes& sizes, Mask mask,
              const Compute& compute);

  // rows [n·t, width], contiguous, overwritten; -> the last block's output at the positions `kept` [m] int64, which are
  // row numbers: [m, width]. Only these pass through most of the last block, since nothing else of it is used.
  torch::Tensor operator()(torch::Tensor rows, std::int64_t sequences, const torch::Tensor& kept) const;

 private:
  std::int64_t width_;
  Mask mask_;
  std::vector<ResidualBlock> blocks_;
  mutable WorkspacePool workspaces_;
};

}  // namespace clip
