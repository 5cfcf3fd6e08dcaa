#include "node_rows.h"

#include <ATen/ops/empty.h>

#include <algorithm>
#include <limits>
#include <sstream>
#include <stdexcept>

namespace adapting {

namespace {

constexpr std::int64_t kNodeBlock = 1024;  // images that are transformed together
constexpr double kGiB = 1073741824;

}  // namespace

torch::Tensor node_rows(const trefoil::Queries& queries, const trefoil::Support& support, parallel::Workers& workers,
                        const std::function<torch::Tensor(const torch::Tensor& block)>& transform) {
  const std::int64_t count = queries.count();
  torch::Tensor rows = torch::empty({count + support.image_count(), support.width()}, support.text.options());
  if (support.image_count() > 0) {
    rows.narrow(/*dim=*/0, count, support.image_count()).copy_(transform(support.images));
  }
  workers.run((count + kNodeBlock - 1) / kNodeBlock, [&](std::int64_t block, int /*worker*/) {
    const std::int64_t first = block * kNodeBlock;
    const std::int64_t size = std::min(kNodeBlock, count - first);
    rows.narrow(/*dim=*/0, first, size).copy_(transform(queries.read(first, size)));
  });
  return rows;
}

void require_memory(const char* method, const trefoil::Queries& queries, const trefoil::Support& support, double bytes,
                    double allowed_gib) {
  const std::int64_t nodes = queries.count() + support.image_count();
  if (bytes <= allowed_gib * kGiB && nodes < std::numeric_limits<std::int32_t>::max()) return;
  std::ostringstream message;
  message.precision(3);
  message << method << " over " << queries.count() << " queries (D = " << support.width()
          << ", C = " << support.class_count() << ") needs " << bytes / kGiB << " GiB of memory, and 'memory' allows "
          << allowed_gib << " GiB: classify the queries in several parts, raise 'memory', or use another adapter";
  throw std::runtime_error(message.str());
}

}  // namespace adapting
