#include "formats/array.h"

#include <ATen/ops/arange.h>

#include "base/errors.h"
#include "formats/npy_writer.h"
#include "support/catch.h"
#include "support/files.h"

using namespace tests;
using namespace trefoil::formats;
using trefoil::DataError;

namespace {

std::string npy(const std::string& dictionary, const std::string& payload, char version = 1) {
  std::string bytes = std::string("\x93NUMPY") + version + '\0';
  const std::string header = dictionary + "\n";
  bytes += static_cast<char>(header.size() & 0xFFU);
  bytes += static_cast<char>(header.size() >> 8U);
  if (version == 2) bytes += std::string(2, '\0');
  return bytes + header + payload;
}

const std::string kTwoFloats = std::string("\0\0\x80\x3f\0\0\0\x40", 8);  // 1, 2

}  // namespace

TEST_CASE(".npy files are read as they were written", "[data]") {
  const TemporaryFolder folder;
  for (const auto type : {torch::kHalf, torch::kFloat, torch::kDouble, torch::kInt, torch::kLong}) {
    const torch::Tensor tensor = torch::arange(24).view({6, 4}).to(type);
    write_npy(folder / "a.npy", tensor);
    const auto array = open_array(folder / "a.npy");
    REQUIRE(array->type() == type);
    REQUIRE(array->read_all().equal(tensor));
    REQUIRE(array->read(2, 3).equal(tensor.slice(0, 2, 5)));
    REQUIRE(array->read(6, 0).size(0) == 0);
  }
}

TEST_CASE(".npy version 2 and unusual spacing are understood", "[data]") {
  const TemporaryFolder folder;
  const auto file =
      folder.write("a.npy", npy("{ 'shape':(2 ,),'descr' : \"<f4\", 'fortran_order':False}", kTwoFloats, 2));
  REQUIRE(open_array(file)->read_all().sum().item<float>() == 3.0F);
}

TEST_CASE("bad .npy files are refused with their path and the reason", "[data]") {
  const TemporaryFolder folder;
  const auto refused = [&](const std::string& bytes, const std::string& reason) {
    const auto file = folder.write("bad.npy", bytes);
    REQUIRE_THROWS_WITH(open_array(file), ContainsSubstring(file.string()) && ContainsSubstring(reason));
  };
  const std::string good = "{'descr': '<f4', 'fortran_order': False, 'shape': (2,), }";
  refused("", "not a .npy file");
  refused("PK\x03\x04", "not a .npy file");
  refused(npy(good, kTwoFloats.substr(0, 7)), "needs 8 bytes of data, but the file has 7");
  refused(npy(good, kTwoFloats + "x"), "needs 8 bytes of data, but the file has 9");
  refused(npy(good, kTwoFloats, 3), "version is 3");
  refused(npy(good, kTwoFloats).substr(0, 20), "cut short");
  refused(npy("{'descr': '<f4', 'fortran_order': True, 'shape': (2,), }", kTwoFloats), "Fortran");
  refused(npy("{'descr': '>f4', 'fortran_order': False, 'shape': (2,), }", kTwoFloats), "'>f4'");
  refused(npy("{'descr': '|O', 'fortran_order': False, 'shape': (2,), }", kTwoFloats), "'|O'");
  refused(npy("{'descr': '<f4', 'fortran_order': False, 'shape': (), }", kTwoFloats), "single number");
  refused(npy("{'descr': '<f4', 'fortran_order': False, 'shape': (-2,), }", kTwoFloats), "impossible");
  refused(npy("{'descr': '<f4', 'fortran_order': False, 'shape': (4611686018427387904, 4611686018427387904), }",
              kTwoFloats),
          "impossible");
  refused(npy("{'descr': '<f4', 'shape': (2,), }", kTwoFloats), "cannot be parsed");
  refused(npy("{'descr': [('a', '<f4')], 'fortran_order': False, 'shape': (2,), }", kTwoFloats), "cannot be parsed");
  refused(npy("{'descr': '<f4', 'fortran_order': False, 'shape': (2, }", kTwoFloats), "cannot be parsed");
  REQUIRE_THROWS_AS(open_array(folder / "missing.npy"), DataError);
  REQUIRE_THROWS_WITH(open_array(folder.write("a.csv", "1,2")), ContainsSubstring(".npy and .safetensors"));
}

TEST_CASE("no cut or flipped byte of a header is believed or crashes", "[data]") {
  const TemporaryFolder folder;
  const std::string good = npy("{'descr': '<f4', 'fortran_order': False, 'shape': (2,), }", kTwoFloats);
  for (std::size_t length = 0; length < good.size(); ++length) {
    REQUIRE_THROWS_AS(open_array(folder.write("cut.npy", good.substr(0, length))), DataError);
  }
  for (std::size_t i = 0; i + kTwoFloats.size() < good.size(); ++i) {
    std::string bytes = good;
    bytes[i] = static_cast<char>(bytes[i] ^ 0x15);
    const auto file = folder.write("flipped.npy", bytes);
    try {
      const std::size_t read = open_array(file)->read_all().nbytes();
      REQUIRE(read == kTwoFloats.size());  // white space, or a type as long
    } catch (const DataError&) {
      SUCCEED();
    }
  }
}

TEST_CASE("safetensors hold one tensor, or several by name", "[data]") {
  const TemporaryFolder folder;
  const std::string header = R"({"__metadata__":{"a":"b"},"x":{"dtype":"F32","shape":[2],"data_offsets":[0,8]}})";
  REQUIRE(
      open_array(folder.write("one.safetensors", safetensors(header, kTwoFloats)))->read_all().sum().item<float>() ==
      3.0F);
  const std::string two =
      R"({"x":{"dtype":"F32","shape":[1],"data_offsets":[0,4]},"y":{"dtype":"F32","shape":[1],"data_offsets":[4,8]}})";
  const auto file = folder.write("two.safetensors", safetensors(two, kTwoFloats));
  REQUIRE(open_array(file.string() + "#y")->read_all().item<float>() == 2.0F);
  std::filesystem::create_directories(folder / "a#b");
  write_npy(folder / "a#b/c#.npy", torch::arange(3));
  REQUIRE(open_array(folder / "a#b/c#.npy")->rows() == 3);
  REQUIRE(array_file(file.string() + "#y") == file);
  REQUIRE_THROWS_WITH(open_array(file), ContainsSubstring("FILE#NAME") && ContainsSubstring("x, y"));
  REQUIRE_THROWS_WITH(open_array(file.string() + "#z"), ContainsSubstring("no tensor 'z'"));
}

TEST_CASE("bad safetensors are refused with their path and the reason", "[data]") {
  const TemporaryFolder folder;
  const auto refused = [&](const std::string& bytes, const std::string& reason) {
    const auto file = folder.write("bad.safetensors", bytes);
    REQUIRE_THROWS_WITH(open_array(file), ContainsSubstring(file.string()) && ContainsSubstring(reason));
  };
  refused("", "not a safetensors file");
  refused(std::string(8, '\xff'), "cut short");
  refused(safetensors("not json", ""), "cannot be parsed");
  refused(safetensors(R"({"x":{"dtype":"F32","shape":[3],"data_offsets":[0,12]}})", kTwoFloats), "not in the file");
  refused(safetensors(R"({"x":{"dtype":"F32","shape":[3],"data_offsets":[0,8]}})", kTwoFloats), "not as many");
  refused(safetensors(R"({"x":{"dtype":"F32","shape":[2],"data_offsets":[8,0]}})", kTwoFloats), "not in the file");
  refused(safetensors(R"({"x":{"dtype":"F8","shape":[2],"data_offsets":[0,8]}})", kTwoFloats), "F8");
  refused(safetensors(R"({"x":{"dtype":"F32","shape":[-2],"data_offsets":[0,8]}})", kTwoFloats), "impossible");
  refused(safetensors(R"({"x":{"dtype":"F32"}})", kTwoFloats), "cannot be parsed");
  refused(safetensors(R"([1, 2])", kTwoFloats), "cannot be parsed");
}
