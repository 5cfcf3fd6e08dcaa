#include "quantised_product.h"

#include <ATen/ops/empty.h>
#include <ATen/ops/zeros.h>

#include <algorithm>
#include <utility>
#include <vector>

#include "int8_rows.h"
#include "onednn.h"

namespace clip {

namespace {

using dnnl::memory;
using onednn::cpu;
using onednn::matrix;

// Rows that are multiplied together. Their integers and sums fit into a core's second cache. One number for all calls
// needs one kernel; the last rows of a call are padded.
constexpr std::int64_t kTile = 64;

dnnl::matmul::primitive_desc describe(const memory::desc& weight, std::int64_t in, std::int64_t out) {
  const memory::desc source = matrix(kTile, in, memory::format_tag::ab, memory::data_type::u8);
  const memory::desc sums = matrix(kTile, out, memory::format_tag::ab, memory::data_type::s32);
#if DNNL_VERSION_MAJOR >= 3
  return {cpu(), source, weight, sums, onednn::with_own_scratch()};
#else
  return {dnnl::matmul::desc(source, weight, sums), onednn::with_own_scratch(), cpu()};
#endif
}

memory::desc order_of_weights(std::int64_t in, std::int64_t out) {
  const bool packed = out % onednn::kPackedColumns == 0;
  const auto tag = packed ? memory::format_tag::any : memory::format_tag::ab;
  return describe(matrix(in, out, tag, memory::data_type::s8), in, out).weights_desc();
}

}  // namespace

struct QuantisedProduct::Plan {
  Plan(const torch::Tensor& weight, const torch::Tensor& given_bias)
      : weights(quantise_weights(weight.contiguous().data_ptr<float>(), weight.size(0), weight.size(1))),
        bias((given_bias.defined() ? given_bias : torch::zeros({weights.out})).contiguous().clone()),
        packed(order_of_weights(weights.in, weights.out), cpu()),
        described(describe(packed.get_desc(), weights.in, weights.out)),
        product(described) {
    memory given(matrix(weights.in, weights.out, memory::format_tag::ab, memory::data_type::s8), cpu(),
                 weights.by_input.data());
    dnnl::stream stream(cpu());
    dnnl::reorder(given, packed).execute(stream, given, packed);
    stream.wait();
  }

  // Memory for one call.
  struct Workspace {
    explicit Workspace(const Plan& plan)
        : integers(torch::zeros({kTile, plan.weights.in}, torch::kByte)),
          sums(torch::empty({kTile, plan.weights.out}, torch::kInt)),
          offsets(torch::empty({plan.weights.out})),
          scratch(onednn::scratch_of(plan.described.scratchpad_desc())),
          rows(kTile) {}

    torch::Tensor integers;  // [64, in] uint8
    torch::Tensor sums;      // [64, out] int32
    torch::Tensor offsets;   // [out]
    torch::Tensor scratch;
    std::vector<QuantisedRow> rows;
  };

  // Computes `count` rows, at most kTile.
  void multiply_tile(const float* rows, std::int64_t count, Epilogue epilogue, Workspace& space, float* target) const {
    auto* integers = space.integers.data_ptr<std::uint8_t>();
    for (std::int64_t row = 0; row < count; ++row) {
      quantise_row(rows + row * weights.in, weights.in, integers + row * weights.in,
                   space.rows[static_cast<std::size_t>(row)]);
    }
    add_up(space);
    const auto* sums = space.sums.data_ptr<std::int32_t>();
    for (std::int64_t row = 0; row < count; ++row) {
      finish_row(space.rows[static_cast<std::size_t>(row)], weights, sums + row * weights.out, bias.data_ptr<float>(),
                 epilogue, space.offsets.data_ptr<float>(), target + row * weights.out);
    }
  }

  void add_up(Workspace& space) const {
    dnnl::stream stream(cpu());
    product.execute(stream,
                    {{DNNL_ARG_SRC, memory(described.src_desc(), cpu(), space.integers.data_ptr())},
                     {DNNL_ARG_WEIGHTS, packed},
                     {DNNL_ARG_DST, memory(described.dst_desc(), cpu(), space.sums.data_ptr())},
                     {DNNL_ARG_SCRATCHPAD, memory(described.scratchpad_desc(), cpu(), space.scratch.data_ptr())}});
    stream.wait();
  }

  QuantisedWeights weights;
  torch::Tensor bias;
  memory packed;
  dnnl::matmul::primitive_desc described;
  dnnl::matmul product;
};

QuantisedProduct::QuantisedProduct(const torch::Tensor& weight, const torch::Tensor& bias)
    : plan_(std::make_unique<Plan>(weight, bias)) {}

QuantisedProduct::~QuantisedProduct() = default;

void QuantisedProduct::multiply(const torch::Tensor& rows, Epilogue epilogue, torch::Tensor& target) const {
  const torch::Tensor source = rows.contiguous();
  Plan::Workspace space(*plan_);
  const std::int64_t in = plan_->weights.in;
  const std::int64_t out = plan_->weights.out;
  for (std::int64_t first = 0; first < source.size(0); first += kTile) {
    const std::int64_t count = std::min(kTile, source.size(0) - first);
    plan_->multiply_tile(source.data_ptr<float>() + first * in, count, epilogue, space,
                         target.data_ptr<float>() + first * out);
  }
}

}  // namespace clip
