#include "packed_product.h"

#include <ATen/ops/zeros.h>

#include <algorithm>
#include <map>
#include <mutex>
#include <utility>

#include "onednn.h"

namespace clip {

namespace {

using dnnl::memory;
using onednn::cpu;

constexpr float kQuickGeluSlope = 1.702F;

memory::data_type type_of(Factors factors) {
  return factors == Factors::bfloat16 ? memory::data_type::bf16 : memory::data_type::f32;
}

memory::desc matrix(std::int64_t rows, std::int64_t columns, memory::format_tag order,
                    Factors factors = Factors::float32) {
  return onednn::matrix(rows, columns, order, type_of(factors));
}

dnnl::primitive_attr attributes(Epilogue epilogue) {
  dnnl::post_ops after;
#if DNNL_VERSION_MAJOR >= 3
  const auto append = [&](dnnl::algorithm kind, float slope) { after.append_eltwise(kind, slope, 0.F); };
#else
  const auto append = [&](dnnl::algorithm kind, float slope) { after.append_eltwise(1.F, kind, slope, 0.F); };
#endif
  if (epilogue == Epilogue::quick_gelu)
    append(dnnl::algorithm::eltwise_swish, kQuickGeluSlope);  // x · sigmoid(slope · x)
  if (epilogue == Epilogue::gelu) append(dnnl::algorithm::eltwise_gelu_erf, 0.F);
  if (epilogue == Epilogue::gelu_tanh) append(dnnl::algorithm::eltwise_gelu_tanh, 0.F);
  if (epilogue == Epilogue::sum) after.append_sum(1.F);
  return onednn::with_own_scratch(after);
}

dnnl::matmul::primitive_desc describe(std::int64_t rows, const memory::desc& weight, std::int64_t in, std::int64_t out,
                                      Factors factors, Epilogue epilogue) {
  const memory::desc source = matrix(rows, in, memory::format_tag::ab, factors);
  const memory::desc bias = matrix(1, out, memory::format_tag::ab);
  const memory::desc target = matrix(rows, out, memory::format_tag::ab);
#if DNNL_VERSION_MAJOR >= 3
  return {cpu(), source, weight, bias, target, attributes(epilogue)};
#else
  return {dnnl::matmul::desc(source, weight, bias, target), attributes(epilogue), cpu()};
#endif
}

}  // namespace

struct PackedProduct::Plan {
  // The memory order of the weights is chosen for this many rows of float32, and used for all numbers of rows.
  static constexpr std::int64_t kTypicalRows = 800;
  // Rows of bfloat16 that are multiplied together. Their result fits into a core's second cache, so this is twice as
  // fast as 800 rows at once. Fewer rows are padded: oneDNN adds up in another order when there are fewer (seen with 63
  // rows and 3,072 columns), and a result may not depend on the number of rows.
  static constexpr std::int64_t kTile = 64;

  Plan(const torch::Tensor& weight, const torch::Tensor& given_bias, Factors chosen)
      : out(weight.size(0)),
        in(weight.size(1)),
        factors(chosen),
        bias((given_bias.defined() ? given_bias : torch::zeros({out})).contiguous().clone()),
        packed(order(in, out, factors), cpu()) {
    const torch::Tensor contiguous = weight.contiguous();
    memory given(as_given(in, out, Factors::float32), cpu(), contiguous.data_ptr());
    dnnl::stream stream(cpu());
    dnnl::reorder(given, packed).execute(stream, given, packed);
    stream.wait();
  }

  // A row-major weight [out, in] is its transpose [in, out] in column-major order.
  static memory::desc as_given(std::int64_t in, std::int64_t out, Factors factors) {
    return matrix(in, out, memory::format_tag::ba, factors);
  }

  static memory::desc order(std::int64_t in, std::int64_t out, Factors factors) {
    if (out % onednn::kPackedColumns != 0) return as_given(in, out, factors);
    const memory::desc any = matrix(in, out, memory::format_tag::any, factors);
    const std::int64_t rows = factors == Factors::float32 ? kTypicalRows : kTile;
    return describe(rows, any, in, out, factors, Epilogue::none).weights_desc();
  }

  struct Kernel {
    dnnl::matmul product;
    memory::desc scratch;
  };

  // A kernel is generated at the first use of each number of rows. A run has only a few such numbers.
  Kernel kernel(std::int64_t rows, Epilogue epilogue) {
    const std::lock_guard<std::mutex> lock(mutex);
    const auto key = std::make_pair(rows, epilogue);
    auto found = kernels.find(key);
    if (found == kernels.end()) {
      const auto described = describe(rows, packed.get_desc(), in, out, factors, epilogue);
      found = kernels.emplace(key, Kernel{dnnl::matmul(described), described.scratchpad_desc()}).first;
    }
    return found->second;
  }

  void multiply(const torch::Tensor& rows, torch::Tensor& target, Epilogue epilogue) {
    if (factors == Factors::float32) return run(rows, target, epilogue);
    for (std::int64_t first = 0; first < rows.size(0); first += kTile) {
      const std::int64_t count = std::min(kTile, rows.size(0) - first);
      torch::Tensor part = target.narrow(0, first, count);
      if (count == kTile) {
        run(rows.narrow(0, first, count), part, epilogue);
      } else {
        run_padded(rows.narrow(0, first, count), part, epilogue);
      }
    }
  }

  void run_padded(const torch::Tensor& rows, torch::Tensor& target, Epilogue epilogue) {
    const std::int64_t count = rows.size(0);
    torch::Tensor padded_rows = torch::zeros({kTile, in});
    torch::Tensor padded_target = torch::zeros({kTile, out});
    padded_rows.narrow(0, 0, count).copy_(rows);
    if (epilogue == Epilogue::sum) padded_target.narrow(0, 0, count).copy_(target);
    run(padded_rows, padded_target, epilogue);
    target.copy_(padded_target.narrow(0, 0, count));
  }

  void run(const torch::Tensor& rows, torch::Tensor& target, Epilogue epilogue) {
    const torch::Tensor source = rows.to(factors == Factors::bfloat16 ? torch::kBFloat16 : torch::kFloat).contiguous();
    const std::int64_t count = source.size(0);
    Kernel chosen = kernel(count, epilogue);
    const torch::Tensor scratch = onednn::scratch_of(chosen.scratch);
    const auto matrix_at = [](const torch::Tensor& tensor, std::int64_t height, std::int64_t width,
                              Factors kind = Factors::float32) {
      return memory(matrix(height, width, memory::format_tag::ab, kind), cpu(), tensor.data_ptr());
    };
    dnnl::stream stream(cpu());
    chosen.product.execute(stream, {{DNNL_ARG_SRC, matrix_at(source, count, in, factors)},
                                    {DNNL_ARG_WEIGHTS, packed},
                                    {DNNL_ARG_BIAS, matrix_at(bias, 1, out)},
                                    {DNNL_ARG_DST, matrix_at(target, count, out)},
                                    {DNNL_ARG_SCRATCHPAD, memory(chosen.scratch, cpu(), scratch.data_ptr())}});
    stream.wait();
  }

  std::int64_t out;
  std::int64_t in;
  Factors factors;
  torch::Tensor bias;
  memory packed;
  std::mutex mutex;
  std::map<std::pair<std::int64_t, Epilogue>, Kernel> kernels;
};

PackedProduct::PackedProduct(const torch::Tensor& weight, const torch::Tensor& bias, Factors factors)
    : plan_(std::make_unique<Plan>(weight, bias, factors)) {}

PackedProduct::~PackedProduct() = default;

void PackedProduct::multiply(const torch::Tensor& rows, Epilogue epilogue, torch::Tensor& target) const {
  plan_->multiply(rows, target, epilogue);
}

}  // namespace clip
