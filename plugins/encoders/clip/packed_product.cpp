#include "packed_product.h"

#include <ATen/ops/empty.h>
#include <ATen/ops/zeros.h>

#include <dnnl.hpp>
#include <map>
#include <mutex>
#include <utility>

namespace clip {

namespace {

using dnnl::memory;

constexpr float kQuickGeluSlope = 1.702F;

const dnnl::engine& cpu() {
  static const dnnl::engine engine(dnnl::engine::kind::cpu, 0);
  return engine;
}

memory::desc matrix(std::int64_t rows, std::int64_t columns, memory::format_tag order,
                    memory::data_type type = memory::data_type::f32) {
  return {{rows, columns}, type, order};
}

memory::data_type type_of(Factors factors) {
  return factors == Factors::bfloat16 ? memory::data_type::bf16 : memory::data_type::f32;
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
  dnnl::primitive_attr attributes;
  attributes.set_post_ops(after);
  // By default oneDNN's scratch memory belongs to the thread that created the kernel, and running it on another thread
  // crashes.
  attributes.set_scratchpad_mode(dnnl::scratchpad_mode::user);
  return attributes;
}

dnnl::matmul::primitive_desc describe(std::int64_t rows, const memory::desc& weight, std::int64_t in, std::int64_t out,
                                      Factors factors, Epilogue epilogue) {
  const memory::desc source = matrix(rows, in, memory::format_tag::ab, type_of(factors));
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
  // The memory order of the weights is chosen for this many rows, and used for all numbers of rows.
  static constexpr std::int64_t kTypicalRows = 800;
  // Weights are packed only if their number of columns is a multiple of this. Otherwise oneDNN 3.7 computes wrong
  // products from its own order (seen with 24, 32, 65 and 96 columns). All released models use multiples of it.
  static constexpr std::int64_t kBlock = 64;

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
    return matrix(in, out, memory::format_tag::ba, type_of(factors));
  }

  static memory::desc order(std::int64_t in, std::int64_t out, Factors factors) {
    if (out % kBlock != 0) return as_given(in, out, factors);
    const memory::desc any = matrix(in, out, memory::format_tag::any, type_of(factors));
    return describe(kTypicalRows, any, in, out, factors, Epilogue::none).weights_desc();
  }

  struct Kernel {
    dnnl::matmul product;
    memory::desc scratch;
  };

  // oneDNN adds up products of bfloat16 in another order when there are fewer rows than this (seen with 63 rows and
  // 3,072 columns). They are padded, so that a result does not depend on the number of rows.
  static constexpr std::int64_t kFewestRows = 64;

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
    const std::int64_t count = rows.size(0);
    if (factors == Factors::float32 || count >= kFewestRows) return run(rows, target, epilogue);
    torch::Tensor padded_rows = torch::zeros({kFewestRows, in});
    torch::Tensor padded_target = torch::zeros({kFewestRows, out});
    padded_rows.narrow(0, 0, count).copy_(rows);
    if (epilogue == Epilogue::sum) padded_target.narrow(0, 0, count).copy_(target);
    run(padded_rows, padded_target, epilogue);
    target.copy_(padded_target.narrow(0, 0, count));
  }

  void run(const torch::Tensor& rows, torch::Tensor& target, Epilogue epilogue) {
    const torch::Tensor source = rows.to(factors == Factors::bfloat16 ? torch::kBFloat16 : torch::kFloat).contiguous();
    const std::int64_t count = source.size(0);
    Kernel chosen = kernel(count, epilogue);
    const torch::Tensor scratch = torch::empty({static_cast<std::int64_t>(chosen.scratch.get_size())}, torch::kByte);
    const auto matrix_at = [](const torch::Tensor& tensor, std::int64_t height, std::int64_t width,
                              Factors kind = Factors::float32) {
      return memory(matrix(height, width, memory::format_tag::ab, type_of(kind)), cpu(), tensor.data_ptr());
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
