// Checker: checks tensors from a plugin or a file before anything is computed from them.
#pragma once

#include <cstdint>
#include <functional>
#include <string>

#include "trefoil/classifier.h"
#include "trefoil/tensor.h"

namespace trefoil::runtime {

// Returns a shape for messages: "[3, 4]".
std::string shape_text(at::IntArrayRef shape);

class Checker {
 public:
  // Reports a problem: name "labels", problem "has the shape [3], expected [4]". It must throw.
  using Complaint = std::function<void(const std::string& name, const std::string& problem)>;

  explicit Checker(Complaint complain) : complain_(std::move(complain)) {}

  // Requires that the tensor is defined, dense, on the CPU, and has this shape.
  void shape(const char* name, const torch::Tensor& tensor, at::IntArrayRef expected) const;
  void type(const char* name, const torch::Tensor& tensor, torch::ScalarType expected) const;
  void finite(const char* name, const torch::Tensor& tensor) const;

  // Requires int64, and every element in [0, limit).
  void indices(const char* name, const torch::Tensor& tensor, std::int64_t limit) const;

  // Requires shape, type and finite elements, unless the tensor is undefined.
  void optional(const char* name, const torch::Tensor& tensor, at::IntArrayRef expected_shape,
                torch::ScalarType expected_type) const;

 private:
  Complaint complain_;
};

// Requires everything that trefoil/classifier.h says about a classifier whose text has this shape [C, D] and type.
void check_classifier(const Classifier& classifier, at::IntArrayRef text_shape, torch::ScalarType text_type,
                      const Checker& check);

}  // namespace trefoil::runtime
