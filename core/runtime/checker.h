// Checker: what comes from elsewhere, a plugin or a file, is checked before anything is computed from it.
#pragma once

#include <cstdint>
#include <functional>
#include <string>

#include "trefoil/classifier.h"
#include "trefoil/tensor.h"

namespace trefoil::runtime {

class Checker {
 public:
  // Called with what is wrong, to follow a noun: "labels", "has the shape [3], expected [4]". It must throw.
  using Complaint = std::function<void(const std::string& name, const std::string& problem)>;

  explicit Checker(Complaint complain) : complain_(std::move(complain)) {}

  // That the tensor is there, dense, on the CPU, and of this shape.
  void shape(const char* name, const torch::Tensor& tensor, at::IntArrayRef expected) const;
  void type(const char* name, const torch::Tensor& tensor, torch::ScalarType expected) const;
  void finite(const char* name, const torch::Tensor& tensor) const;

  // That it is int64, and every number in [0, limit).
  void indices(const char* name, const torch::Tensor& tensor, std::int64_t limit) const;

  // All of shape, type and finite for a tensor that may be left out, meaning "none".
  void optional(const char* name, const torch::Tensor& tensor, at::IntArrayRef expected_shape,
                torch::ScalarType expected_type) const;

 private:
  Complaint complain_;
};

// Everything that trefoil/classifier.h promises, for a text of this shape [C, D] and type.
void check_classifier(const Classifier& classifier, at::IntArrayRef text_shape, torch::ScalarType text_type,
                      const Checker& check);

}  // namespace trefoil::runtime
