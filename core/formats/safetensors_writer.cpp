#include "formats/safetensors_writer.h"

#include <c10/core/ScalarType.h>

#include <nlohmann/json.hpp>
#include <numeric>
#include <stdexcept>

namespace trefoil::formats {

namespace {

const char* type_name(torch::ScalarType type) {
  static const std::map<torch::ScalarType, const char*> kNames = {
      {torch::kHalf, "F16"}, {torch::kBFloat16, "BF16"}, {torch::kFloat, "F32"}, {torch::kDouble, "F64"},
      {torch::kByte, "U8"},  {torch::kInt, "I32"},       {torch::kLong, "I64"}};
  return kNames.at(type);
}

std::uint64_t planned_bytes(const TensorPlan& plan) {
  const std::int64_t elements =
      std::accumulate(plan.shape.begin(), plan.shape.end(), std::int64_t{1}, std::multiplies<>());
  return static_cast<std::uint64_t>(elements) * c10::elementSize(plan.type);
}

}  // namespace

SafetensorsWriter::SafetensorsWriter(const std::filesystem::path& path, const std::vector<TensorPlan>& plans,
                                     const std::map<std::string, std::string>& metadata)
    : file_(path, base::Durability::power_loss), plans_(plans) {
  nlohmann::ordered_json header = nlohmann::ordered_json::object();
  if (!metadata.empty()) header["__metadata__"] = metadata;
  std::uint64_t end = 0;
  for (const TensorPlan& plan : plans_) {
    const std::uint64_t begin = end;
    end += planned_bytes(plan);
    header[plan.name] = {{"dtype", type_name(plan.type)}, {"shape", plan.shape}, {"data_offsets", {begin, end}}};
  }
  std::string text = header.dump(-1, ' ', false, nlohmann::json::error_handler_t::replace);
  constexpr std::size_t kAlignment = 8;  // the data starts at a multiple of this
  while (text.size() % kAlignment != 0) text += ' ';
  std::string length(sizeof(std::uint64_t), '\0');
  for (std::size_t i = 0; i < length.size(); ++i) length[i] = static_cast<char>(text.size() >> (8 * i) & 0xFFU);
  file_.write(length);
  file_.write(text);
}

void SafetensorsWriter::append(const torch::Tensor& rows) {
  const torch::Tensor contiguous = rows.contiguous();
  while (bytes_left_ == 0 && current_ < plans_.size()) bytes_left_ = planned_bytes(plans_[current_++]);
  if (contiguous.nbytes() == 0) return;
  if (contiguous.nbytes() > bytes_left_) throw std::logic_error("there are more rows than planned");
  if (contiguous.scalar_type() != plans_[current_ - 1].type)
    throw std::logic_error("the rows have another type than planned");
  file_.write({static_cast<const char*>(contiguous.data_ptr()), contiguous.nbytes()});
  bytes_left_ -= contiguous.nbytes();
}

void SafetensorsWriter::commit() {
  for (; bytes_left_ == 0 && current_ < plans_.size(); ++current_) bytes_left_ = planned_bytes(plans_[current_]);
  if (bytes_left_ != 0) throw std::logic_error("there are fewer rows than planned");
  file_.commit();
}

}  // namespace trefoil::formats
