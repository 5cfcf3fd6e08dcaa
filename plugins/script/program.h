// Program: a compiled script, which can be called.
#pragma once

#include <ATen/core/ivalue.h>
#include <trefoil/parameters.h>
#include <trefoil/plugin.h>
#include <trefoil/tensor.h>

#include <map>
#include <memory>
#include <string>
#include <vector>

namespace script {

// An argument that the host gives to the function. A script takes those that it needs, by name.
struct Given {
  std::string name;
  std::string type;  // "Tensor", "int", "float"
};

// A function that a script may define.
struct Function {
  std::string name;                  // "score"
  std::vector<Given> given;          // what it may take from the host
  std::vector<std::string> results;  // "Tensor", "Tuple[Tensor, Tensor]"
};

class Program {
 public:
  // Compiles a script, which must define one of the functions. A script that was compiled before is not compiled again.
  // Throws trefoil::ParameterError for a mistake in the script.
  static std::shared_ptr<const Program> of(const std::string& source, const std::vector<Function>& functions);

  virtual ~Program() = default;
  virtual const std::string& function() const = 0;               // "score"
  virtual const trefoil::ParameterList& parameters() const = 0;  // the arguments that the host does not give
  virtual bool takes(const std::string& argument) const = 0;     // whether the function has this argument
  virtual std::size_t result_count() const = 0;                  // 1, or the number of elements of a tuple

  using Values = std::map<std::string, c10::IValue>;

  // Calls the function. `given` are the values that the host gives; other values come from `parameters`. The script may
  // change the tensors: it gets copies then. Loops report progress to `host` if it is not nullptr. Several threads may
  // call it at the same time. Throws trefoil::ParameterError when the script fails.
  virtual std::vector<torch::Tensor> call(const Values& given, const trefoil::Parameters& parameters,
                                          trefoil::Host* host) const = 0;
};

}  // namespace script
