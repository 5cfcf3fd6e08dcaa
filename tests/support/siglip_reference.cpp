#include "support/siglip_reference.h"

#include <cmath>

#include "support/siglip_model.h"

namespace tests {

namespace {

using Rows = std::vector<std::vector<double>>;

// A model in double precision, one row after another.
class Reference {
 public:
  explicit Reference(const NamedTensors& tensors) : tensors_(tensors) {}

  Rows matrix(const std::string& name) const {
    const torch::Tensor tensor = tensors_.at(name);
    const torch::Tensor flat = tensor.reshape({tensor.size(0), -1}).to(torch::kDouble);
    const auto values = flat.accessor<double, 2>();
    Rows rows(static_cast<std::size_t>(flat.size(0)));
    for (std::size_t i = 0; i < rows.size(); ++i) {
      for (std::int64_t j = 0; j < flat.size(1); ++j) rows[i].push_back(values[static_cast<std::int64_t>(i)][j]);
    }
    return rows;
  }

  std::vector<double> vector(const std::string& name) const {
    std::vector<double> values;
    for (const auto& row : matrix(name)) values.insert(values.end(), row.begin(), row.end());
    return values;
  }

  // W x + b, with the outputs [first, first + count) of the layer.
  std::vector<double> linear(const std::string& weight, const std::string& bias, const std::vector<double>& x,
                             std::size_t first, std::size_t count) const {
    const Rows rows = matrix(weight);
    const std::vector<double> offsets = vector(bias);
    std::vector<double> result;
    for (std::size_t i = first; i < first + count; ++i) {
      double sum = offsets[i];
      for (std::size_t j = 0; j < x.size(); ++j) sum += rows[i][j] * x[j];
      result.push_back(sum);
    }
    return result;
  }

  std::vector<double> linear(const std::string& name, const std::vector<double>& x) const {
    return linear(name + "weight", name + "bias", x, 0, vector(name + "bias").size());
  }

  std::vector<double> norm(const std::string& name, const std::vector<double>& x) const {
    const auto count = static_cast<double>(x.size());
    double mean = 0;
    for (const double value : x) mean += value / count;
    double variance = 0;
    for (const double value : x) variance += (value - mean) * (value - mean) / count;
    const std::vector<double> scale = vector(name + ".weight");
    const std::vector<double> shift = vector(name + ".bias");
    std::vector<double> result;
    for (std::size_t i = 0; i < x.size(); ++i) {
      result.push_back((x[i] - mean) / std::sqrt(variance + 1e-6) * scale[i] + shift[i]);
    }
    return result;
  }

  std::vector<double> mlp(const std::string& name, const std::vector<double>& x) const {
    std::vector<double> hidden = linear(name + ".fc1.", x);
    for (double& h : hidden) h = 0.5 * h * (1 + std::tanh(std::sqrt(2 / M_PI) * (h + 0.044715 * h * h * h)));
    return linear(name + ".fc2.", hidden);
  }

  Rows layers(const std::string& tower, std::size_t heads, Rows rows) const {
    for (std::int64_t i = 0; i < SmallSiglip::layers; ++i) {
      const std::string name = tower + ".encoder.layers." + std::to_string(i);
      Rows queries;
      Rows keys;
      Rows values;
      for (const auto& row : rows) {
        const std::vector<double> normed = norm(name + ".layer_norm1", row);
        queries.push_back(linear(name + ".self_attn.q_proj.", normed));
        keys.push_back(linear(name + ".self_attn.k_proj.", normed));
        values.push_back(linear(name + ".self_attn.v_proj.", normed));
      }
      for (std::size_t t = 0; t < rows.size(); ++t) {
        rows[t] = sum(rows[t], linear(name + ".self_attn.out_proj.", attend(queries[t], keys, values, heads)));
        rows[t] = sum(rows[t], mlp(name + ".mlp", norm(name + ".layer_norm2", rows[t])));
      }
    }
    return rows;
  }

  static std::vector<double> sum(std::vector<double> a, const std::vector<double>& b) {
    for (std::size_t i = 0; i < a.size(); ++i) a[i] += b[i];
    return a;
  }

  static std::vector<double> attend(const std::vector<double>& query, const Rows& keys, const Rows& values,
                                    std::size_t heads) {
    const std::size_t head_width = query.size() / heads;
    std::vector<double> result(query.size());
    for (std::size_t first = 0; first < query.size(); first += head_width) {
      double total = 0;
      for (std::size_t t = 0; t < keys.size(); ++t) {
        double score = 0;
        for (std::size_t i = first; i < first + head_width; ++i) score += query[i] * keys[t][i];
        const double weight = std::exp(score / std::sqrt(static_cast<double>(head_width)));
        total += weight;
        for (std::size_t i = first; i < first + head_width; ++i) result[i] += weight * values[t][i];
      }
      for (std::size_t i = first; i < first + head_width; ++i) result[i] /= total;
    }
    return result;
  }

 private:
  const NamedTensors& tensors_;
};

Rows patches_of(const torch::Tensor& pixels) {
  const torch::Tensor values = pixels.to(torch::kDouble);
  const auto at = values.accessor<double, 3>();
  constexpr std::int64_t kGrid = SmallSiglip::resolution / SmallSiglip::patch;
  Rows patches;
  for (std::int64_t patch = 0; patch < kGrid * kGrid; ++patch) {
    std::vector<double> numbers;
    for (std::int64_t i = 0; i < 3 * SmallSiglip::patch * SmallSiglip::patch; ++i) {
      const std::int64_t y = patch / kGrid * SmallSiglip::patch + i / SmallSiglip::patch % SmallSiglip::patch;
      const std::int64_t x = patch % kGrid * SmallSiglip::patch + i % SmallSiglip::patch;
      numbers.push_back(at[i / (SmallSiglip::patch * SmallSiglip::patch)][y][x]);
    }
    patches.push_back(numbers);
  }
  return patches;
}

}  // namespace

std::vector<double> siglip_image_feature(const NamedTensors& tensors, const torch::Tensor& pixels) {
  const Reference model(tensors);
  const std::string embeddings = "vision_model.embeddings.";
  const Rows positions = model.matrix(embeddings + "position_embedding.weight");
  Rows rows;
  for (const auto& patch : patches_of(pixels)) {
    const std::vector<double> embedded = model.linear(embeddings + "patch_embedding.", patch);
    rows.push_back(Reference::sum(embedded, positions[rows.size()]));
  }
  rows = model.layers("vision_model", SmallSiglip::heads, rows);
  const std::string in = "vision_model.head.attention.in_proj_";
  const auto project = [&](const std::vector<double>& x, std::size_t part) {
    return model.linear(in + "weight", in + "bias", x, part * SmallSiglip::width, SmallSiglip::width);
  };
  Rows keys;
  Rows values;
  for (const auto& row : rows) {
    const std::vector<double> normed = model.norm("vision_model.post_layernorm", row);
    keys.push_back(project(normed, 1));
    values.push_back(project(normed, 2));
  }
  const std::vector<double> query = project(model.vector("vision_model.head.probe"), 0);
  const std::vector<double> pooled =
      model.linear("vision_model.head.attention.out_proj.", Reference::attend(query, keys, values, SmallSiglip::heads));
  return Reference::sum(pooled, model.mlp("vision_model.head.mlp", model.norm("vision_model.head.layernorm", pooled)));
}

std::vector<double> siglip_text_feature(const NamedTensors& tensors, const std::vector<std::int64_t>& ids) {
  const Reference model(tensors);
  const Rows tokens = model.matrix("text_model.embeddings.token_embedding.weight");
  const Rows positions = model.matrix("text_model.embeddings.position_embedding.weight");
  Rows rows;
  for (const std::int64_t id : ids) {
    rows.push_back(Reference::sum(tokens[static_cast<std::size_t>(id)], positions[rows.size()]));
  }
  rows = model.layers("text_model", SmallSiglip::text_heads, rows);
  return model.linear("text_model.head.", model.norm("text_model.final_layer_norm", rows.back()));
}

}  // namespace tests
