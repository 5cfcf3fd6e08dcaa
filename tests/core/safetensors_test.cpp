#include <ATen/ops/arange.h>
#include <ATen/ops/cat.h>
#include <ATen/ops/ones.h>
#include <ATen/ops/tensor.h>
#include <ATen/ops/zeros.h>

#include <cstring>
#include <limits>
#include <nlohmann/json.hpp>
#include <stdexcept>

#include "base/errors.h"
#include "formats/array.h"
#include "formats/safetensors_writer.h"
#include "support/catch.h"
#include "support/files.h"
#include "trefoil/tensor_file.h"

using namespace tests;
using trefoil::formats::SafetensorsWriter;
using trefoil::formats::TensorPlan;

TEST_CASE("safetensors are read as they were written, in every type", "[data]") {
  const TemporaryFolder folder;
  const std::vector<torch::ScalarType> types = {torch::kHalf, torch::kBFloat16, torch::kFloat, torch::kDouble,
                                                torch::kByte, torch::kInt,      torch::kLong};
  const torch::Tensor numbers = torch::arange(1, 31).view({3, 5, 2});
  std::vector<TensorPlan> plans;
  plans.reserve(std::size(types));
  for (const auto type : types) plans.push_back({toString(type), type, {3, 5, 2}});
  const auto file = folder / "all.safetensors";
  {
    SafetensorsWriter writer(file, plans, {});
    for (const auto type : types) writer.append(numbers.to(type));
    REQUIRE_FALSE(std::filesystem::exists(file));
    writer.commit();
  }
  const auto tensors = trefoil::read_safetensors(file);
  REQUIRE(tensors.size() == types.size());
  for (const auto type : types) {
    const torch::Tensor& tensor = tensors.at(toString(type));
    REQUIRE(tensor.scalar_type() == type);
    REQUIRE(tensor.equal(numbers.to(type)));
    REQUIRE(trefoil::read_tensor(file.string() + "#" + toString(type)).equal(numbers.to(type)));
  }
}

TEST_CASE("safetensors are written by blocks of rows, also of tensors that do not lie together", "[data]") {
  const TemporaryFolder folder;
  const torch::Tensor table = torch::arange(12, torch::kFloat).view({3, 4});
  SafetensorsWriter writer(folder / "a.safetensors", {{"table", torch::kFloat, {4, 3}}, {"labels", torch::kLong, {2}}},
                           {});
  writer.append(table.t().slice(0, 0, 1));
  writer.append(table.t().slice(0, 1, 1));
  writer.append(table.t().slice(0, 1, 4));
  writer.append(torch::tensor({7}, torch::kLong));
  writer.append(torch::tensor({8}, torch::kLong));
  writer.commit();
  const auto tensors = trefoil::read_safetensors(folder / "a.safetensors");
  REQUIRE(tensors.at("table").equal(table.t()));
  REQUIRE(tensors.at("labels").equal(torch::tensor({7, 8}, torch::kLong)));
}

TEST_CASE("safetensors hold empty tensors, any names, and metadata", "[data]") {
  const TemporaryFolder folder;
  const std::string name = "a \"name\"#\\ \xC3\xA9";
  SafetensorsWriter writer(folder / "a.safetensors", {{"empty", torch::kHalf, {0, 512}}, {name, torch::kByte, {3}}},
                           {{"made by", "a test"}});
  writer.append(torch::tensor({1, 2, 255}, torch::kByte));
  writer.commit();
  const auto tensors = trefoil::read_safetensors(folder / "a.safetensors");
  REQUIRE(tensors.size() == 2);
  REQUIRE(tensors.at("empty").sizes().vec() == std::vector<std::int64_t>{0, 512});
  REQUIRE(tensors.at("empty").scalar_type() == torch::kHalf);
  REQUIRE(tensors.at(name).equal(torch::tensor({1, 2, 255}, torch::kByte)));
  const auto header = trefoil::formats::read_safetensors_header(folder / "a.safetensors");
  REQUIRE(header.metadata == std::map<std::string, std::string>{{"made by", "a test"}});
}

TEST_CASE("the written header is as the format wants it", "[data]") {
  const TemporaryFolder folder;
  SafetensorsWriter writer(folder / "a.safetensors", {{"b", torch::kByte, {3}}, {"a", torch::kInt, {1, 2}}}, {});
  writer.append(torch::tensor({1, 2, 3}, torch::kByte));
  writer.append(torch::tensor({4, 5}, torch::kInt).unsqueeze(0));
  writer.commit();
  const std::string bytes = tests::read(folder / "a.safetensors");
  std::uint64_t length = 0;
  std::memcpy(&length, bytes.data(), sizeof(length));
  REQUIRE(length % 8 == 0);
  REQUIRE(bytes.size() == 8 + length + 3 + 8);
  REQUIRE(bytes.at(8) == '{');
  REQUIRE(nlohmann::json::parse(bytes.substr(8, length)) ==
          nlohmann::json::parse(R"({"b": {"dtype": "U8", "shape": [3], "data_offsets": [0, 3]},
                                    "a": {"dtype": "I32", "shape": [1, 2], "data_offsets": [3, 11]}})"));
  REQUIRE(bytes.substr(8 + length) == std::string("\1\2\3\4\0\0\0\5\0\0\0", 11));
}

TEST_CASE("a single number in safetensors is a tensor without dimensions", "[data]") {
  const TemporaryFolder folder;
  const auto file =
      folder.write("a.safetensors", safetensors(R"({"scale":{"dtype":"F32","shape":[],"data_offsets":[4,8]},)"
                                                R"("x":{"dtype":"F32","shape":[1],"data_offsets":[0,4]}})",
                                                std::string("\0\0\0\x40\0\0\x80\x3f", 8)));
  const auto tensors = trefoil::read_safetensors(file);
  REQUIRE(tensors.at("scale").dim() == 0);
  REQUIRE(tensors.at("scale").item<float>() == 1.0F);
  REQUIRE(tensors.at("x").equal(torch::tensor({2.0F})));
  REQUIRE_THROWS_WITH(trefoil::read_tensor(file.string() + "#scale"),
                      ContainsSubstring(file.string()) && ContainsSubstring("a single number"));
}

TEST_CASE("bad safetensors are a std::runtime_error with the path", "[data]") {
  const TemporaryFolder folder;
  const std::string good = safetensors(R"({"x":{"dtype":"F32","shape":[1],"data_offsets":[0,4]}})", "abcd");
  REQUIRE(trefoil::read_safetensors(folder.write("good.safetensors", good)).size() == 1);
  for (std::size_t length = 0; length < good.size(); ++length) {
    const auto file = folder.write("cut.safetensors", good.substr(0, length));
    REQUIRE_THROWS_AS(trefoil::read_safetensors(file), std::runtime_error);
    REQUIRE_THROWS_WITH(trefoil::read_tensor(file), ContainsSubstring(file.string()));
  }
  REQUIRE_THROWS_AS(trefoil::read_safetensors(folder / "missing.safetensors"), std::runtime_error);
  REQUIRE_THROWS_AS(trefoil::read_tensor(folder / "missing.npy"), std::runtime_error);
  REQUIRE_THROWS_AS(trefoil::read_safetensors(folder.path()), std::runtime_error);
}

TEST_CASE("safetensors whose tensors overlap, or whose sizes are no sizes, are refused", "[data]") {
  const TemporaryFolder folder;
  const auto complaint = [&](const std::string& header) {
    try {
      trefoil::read_safetensors(folder.write("x.safetensors", safetensors(header, "abcdefgh")));
      return std::string("nothing");
    } catch (const std::runtime_error& error) {
      return std::string(error.what());
    }
  };
  const auto tensor = [](const std::string& shape, const std::string& offsets) {
    return R"({"dtype":"F32","shape":[)" + shape + R"(],"data_offsets":[)" + offsets + "]}";
  };
  REQUIRE(complaint(R"({"a":)" + tensor("1", "0,4") + R"(,"b":)" + tensor("1", "4,8") + "}") == "nothing");
  REQUIRE_THAT(complaint(R"({"a":)" + tensor("1", "0,4") + R"(,"b":)" + tensor("2", "0,8") + "}"),
               ContainsSubstring("'a' and 'b' overlap"));
  REQUIRE_THAT(complaint(R"({"a":)" + tensor("1", "2,6") + R"(,"b":)" + tensor("1", "4,8") + "}"),
               ContainsSubstring("'a' and 'b' overlap"));
  REQUIRE_THAT(complaint(R"({"a":)" + std::string(100'000, '[') + std::string(100'000, ']') + "}"),
               ContainsSubstring("nested too deep"));
  for (const char* number : {"-1", "0.5", "1e300", "18446744073709551615", "\"1\"", "null"}) {
    CAPTURE(number);
    REQUIRE_THAT(complaint(R"({"a":)" + tensor(number, "0,4") + "}"),
                 ContainsSubstring("the impossible size or offset"));
    REQUIRE_THAT(complaint(R"({"a":)" + tensor("1", std::string(number) + ",4") + "}"),
                 ContainsSubstring("the impossible size or offset"));
  }
}

TEST_CASE("safetensors with bytes of no tensor are refused", "[data]") {
  const TemporaryFolder folder;
  const std::string sound = R"({"a":{"dtype":"U8","shape":[2],"data_offsets":[0,2]},"e":{"dtype":"U8","shape":[0],)"
                            R"("data_offsets":[1,1]},"b":{"dtype":"U8","shape":[1],"data_offsets":[2,3]}})";
  REQUIRE(trefoil::read_safetensors(folder.write("x.safetensors", safetensors(sound, "abc"))).size() == 3);
  const auto refused = [&](const std::string& header, const std::string& data, const std::string& count) {
    const auto file = folder.write("x.safetensors", safetensors(header, data));
    REQUIRE_THROWS_WITH(trefoil::read_safetensors(file),
                        ContainsSubstring(file.string() + ": it has " + count + " that belong to no tensor"));
  };
  refused(sound, "abcd", "1 byte");
  refused(
      R"({"a":{"dtype":"U8","shape":[2],"data_offsets":[0,2]},"b":{"dtype":"U8","shape":[1],"data_offsets":[4,5]}})",
      "abcde", "2 bytes");
  refused(R"({"a":{"dtype":"U8","shape":[2],"data_offsets":[3,5]}})", "abcde", "3 bytes");
}

TEST_CASE("too many rows or too few are a mistake, and leave no file", "[data]") {
  const TemporaryFolder folder;
  {
    SafetensorsWriter writer(folder / "a.safetensors", {{"x", torch::kFloat, {2, 3}}}, {});
    REQUIRE_THROWS_AS(writer.commit(), std::logic_error);
    writer.append(torch::ones({1, 3}));
    REQUIRE_THROWS_AS(writer.commit(), std::logic_error);
    REQUIRE_THROWS_AS(writer.append(torch::ones({2, 3})), std::logic_error);
  }
  REQUIRE(std::filesystem::is_empty(folder.path()));
  SafetensorsWriter writer(folder / "a.safetensors", {{"x", torch::kFloat, {2, 3}}}, {});
  writer.append(torch::ones({2, 3}));
  REQUIRE_THROWS_AS(writer.append(torch::ones({1, 3})), std::logic_error);
  writer.commit();
  REQUIRE(trefoil::read_tensor(folder / "a.safetensors").equal(torch::ones({2, 3})));
}

TEST_CASE("a type that safetensors are not written in is a mistake, and leaves no file", "[data]") {
  const TemporaryFolder folder;
  REQUIRE_THROWS_AS(SafetensorsWriter(folder / "a.safetensors", {{"x", torch::kBool, {1}}}, {}), std::logic_error);
  REQUIRE(std::filesystem::is_empty(folder.path()));
}

TEST_CASE("rows of another type than planned are a mistake", "[data]") {
  const TemporaryFolder folder;
  SafetensorsWriter writer(folder / "a.safetensors", {{"x", torch::kFloat, {2}}, {"y", torch::kInt, {2}}}, {});
  REQUIRE_THROWS_AS(writer.append(torch::ones({2}, torch::kInt)), std::logic_error);
  writer.append(torch::ones({2}));
  REQUIRE_THROWS_AS(writer.append(torch::ones({1}, torch::kLong)), std::logic_error);
}
