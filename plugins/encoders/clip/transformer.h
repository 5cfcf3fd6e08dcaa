// Transformer: CLIP's stack of residual attention blocks, for images and for texts.
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
  torch::Tensor operator()(const torch::Tensor& rows) const;  // returns a new tensor
  void into(torch::Tensor& target, const torch::Tensor& rows) const;

 private:
  Kernels kernels_;
  float epsilon_;
  torch::Tensor scale_;
  torch::Tensor shift_;
};

// Intermediate results of a block.
struct Workspace {
  Workspace(const torch::Tensor& rows, const TransformerSizes& sizes);

  std::int64_t rows() const { return normed.size(0); }
  // Returns a view of the first `count` rows.
  Workspace first(std::int64_t count) const;

  torch::Tensor normed;     // [n·t, width]
  torch::Tensor projected;  // [n·t, 3·width]
  torch::Tensor attended;   // [n·t, width]
  torch::Tensor hidden;     // [n·t, mlp_width]
};

// Workspaces that are reused between blocks and between calls. New memory would take longer than some of the steps,
// because the system clears each page. The pool grows to the largest number of simultaneous calls.
class WorkspacePool {
 public:
  // Returns a workspace for at least rows.size(0) rows.
  std::unique_ptr<Workspace> take(const torch::Tensor& rows, const TransformerSizes& sizes);
  void give_back(std::unique_ptr<Workspace> workspace);

 private:
  std::mutex mutex_;
  std::vector<std::unique_ptr<Workspace>> free_;
};

// Computes x + attention(norm(x)), then x + mlp(norm(x)).
class ResidualBlock {
 public:
  ResidualBlock(Weights& weights, const std::string& name, const TransformerSizes& sizes, const Compute& compute);

  // Computes the attention of x [n·t, width], before its output projection, into workspace.attended.
  void attend(const torch::Tensor& rows, std::int64_t sequences, Mask mask, Workspace& workspace) const;
  // Computes the rest of the block for any m rows: x [m, width] and their attention. Overwrites `rows` by the result.
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

// Takes a dense layer's weight [out, in] and bias [out].
Linear make_linear(Weights& weights, const std::string& weight, const std::string& bias, std::int64_t out,
                   std::int64_t in, const Compute& compute);

class Transformer {
 public:
  // `prefix` of the weights' names: "visual." for images, "" for texts.
  Transformer(Weights& weights, const std::string& prefix, const TransformerSizes& sizes, Mask mask,
              const Compute& compute);

  // Returns the output [m, width] of the last block for the row numbers `kept` [m] int64. rows [n·t, width] is
  // contiguous and is overwritten. The second half of the last block runs only for the kept rows, because no other row
  // is used.
  torch::Tensor operator()(torch::Tensor rows, std::int64_t sequences, const torch::Tensor& kept) const;

  // Returns the output [n·t, width] of the last block for all rows.
  torch::Tensor all_rows(torch::Tensor rows, std::int64_t sequences) const;

 private:
  // Runs the first `blocks` blocks. Overwrites `rows` by the result.
  void run(torch::Tensor& rows, std::int64_t sequences, std::size_t blocks, Workspace& workspace) const;

  TransformerSizes sizes_;
  Mask mask_;
  std::vector<ResidualBlock> blocks_;
  mutable WorkspacePool workspaces_;
};

}  // namespace clip
