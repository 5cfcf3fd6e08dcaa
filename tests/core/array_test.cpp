#include "formats/array.h"

#include <ATen/ops/arange.h>
#include <ATen/ops/tensor.h>

#include "base/errors.h"
#include "formats/npy_writer.h"
#include "support/catch.h"
#include "support/files.h"
#include "support/torch_files.h"

using namespace tests;
using namespace trefoil::formats;
using trefoil::DataError;

namespace {

std::string npy(const std::string& dictionary, const std::string& payload, char version = 1) {
  std::string bytes = std::string("\x93NUMPY") + version + '\0';
  const std::string header = dictionary + "\n";
  bytes += static_cast<char>(header.size() & 0xFFU);
  bytes += static_cast<char>(header.size() >> 8U);
  if (version >= 2) bytes += std::string(2, '\0');
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

TEST_CASE("numbers of every size and byte order are read", "[data]") {
  const TemporaryFolder folder;
  const auto values = [&](const std::string& type, const std::string& payload) {
    const auto file = folder.write(
        "a.npy", npy("{'descr': '" + type + "', 'fortran_order': False, 'shape': (2,), }", payload, /*version=*/3));
    const torch::Tensor read = open_array(file)->read_all();
    REQUIRE(read.scalar_type() == open_array(file)->type());
    return std::pair(read[0].item<double>(), read[1].item<double>());
  };
  using Pair = std::pair<double, double>;
  REQUIRE(values(">f4", std::string("\x3f\x80\0\0\x40\0\0\0", 8)) == Pair(1, 2));
  REQUIRE(values(">f2", std::string("\x3c\0\x40\0", 4)) == Pair(1, 2));
  REQUIRE(values(">i8", std::string("\0\0\0\0\0\0\x01\x02\xff\xff\xff\xff\xff\xff\xff\xfe", 16)) == Pair(258, -2));
  REQUIRE(values("|i1", "\x01\xff") == Pair(1, -1));
  REQUIRE(values("|u1", "\x01\xff") == Pair(1, 255));
  REQUIRE(values("|b1", std::string("\0\x07", 2)) == Pair(0, 1));
  REQUIRE(values("<i2", "\x01\x02\xfe\xff") == Pair(513, -2));
  REQUIRE(values(">i2", "\x01\x02\xff\xfe") == Pair(258, -2));
  REQUIRE(values("<u2", "\x01\x02\xfe\xff") == Pair(513, 65534));
  REQUIRE(values(">u4", std::string("\0\0\x01\x02\xff\xff\xff\xfe", 8)) == Pair(258, 4294967294.0));
  REQUIRE(values("<u8", std::string("\x03\0\0\0\0\0\0\0\x04\0\0\0\0\0\0\0", 16)) == Pair(3, 4));
}

TEST_CASE("an array in Fortran order is read by blocks of rows", "[data]") {
  const TemporaryFolder folder;
  // numpy.save(FILE, A.T) of a C-order array A of shape [4, 3, 2] stores A with the shape (2, 3, 4) in Fortran order.
  const torch::Tensor stored = torch::arange(24).view({4, 3, 2}).to(torch::kFloat);
  const std::string payload(static_cast<const char*>(stored.data_ptr()), stored.nbytes());
  const auto file =
      folder.write("a.npy", npy("{'descr': '<f4', 'fortran_order': True, 'shape': (2, 3, 4), }", payload));
  const auto array = open_array(file);
  const torch::Tensor expected = stored.permute({2, 1, 0});
  REQUIRE(array->shape() == std::vector<std::int64_t>{2, 3, 4});
  REQUIRE(array->read_all().equal(expected));
  REQUIRE(array->read(1, 1).equal(expected.slice(0, 1, 2)));
  REQUIRE(array->read(2, 0).sizes() == torch::IntArrayRef({0, 3, 4}));
  REQUIRE(array->read_all().is_contiguous());
}

TEST_CASE("a file of torch.save is an array, and a tensor in it is chosen by name", "[data]") {
  const TemporaryFolder folder;
  const auto write_torch = [&](const char* name, const std::string& value) {
    write_zip(folder / name,
              {{"archive/data.pkl", pickle::whole(value)}, {"archive/data/0", float_bytes({1, 2, 3, 4})}});
    return folder / name;
  };
  const std::string tensor = pickle::tensor(pickle::storage("FloatStorage", "0", 4), 0, {2, 2}, {2, 1});
  const std::string transposed = pickle::tensor(pickle::storage("FloatStorage", "0", 4), 0, {2, 2}, {1, 2});
  REQUIRE(open_array(write_torch("one.pt", tensor))->read(1, 1)[0][0].item<float>() == 3);
  REQUIRE(open_array(write_torch("one.pth", pickle::dictionary({{"features", tensor}})))->rows() == 2);
  const auto two = write_torch("two.pt", pickle::dictionary({{"x", tensor}, {"y", transposed}}));
  REQUIRE(open_array(two.string() + "#y")->read(1, 1)[0][0].item<float>() == 2);
  REQUIRE(array_file(two.string() + "#y") == two);
  REQUIRE_THROWS_WITH(open_array(two), ContainsSubstring("FILE#NAME") && ContainsSubstring("x, y"));
  REQUIRE_THROWS_WITH(open_array(two.string() + "#z"), ContainsSubstring("no tensor 'z'"));
  const std::string number = pickle::tensor(pickle::storage("FloatStorage", "0", 4), 0, {}, {});
  REQUIRE_THROWS_WITH(open_array(write_torch("number.pt", number)), ContainsSubstring("single number"));
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
  refused(npy(good, kTwoFloats, 4), "version is 4");
  refused(npy(good, kTwoFloats).substr(0, 20), "its header is cut short; copy or download the file again");
  refused(npy("{'descr': '|O', 'fortran_order': False, 'shape': (2,), }", kTwoFloats), "numpy.stack");
  refused(npy("{'descr': '<U5', 'fortran_order': False, 'shape': (2,), }", kTwoFloats), "array of texts");
  refused(npy("{'descr': '<c8', 'fortran_order': False, 'shape': (2,), }", kTwoFloats), "astype(numpy.float32)");
  refused(npy("{'descr': '<f4', 'fortran_order': False, 'shape': (), }", kTwoFloats), "single number");
  refused(npy("{'descr': '<f4', 'fortran_order': False, 'shape': (-2,), }", kTwoFloats), "impossible");
  refused(npy("{'descr': '<f4', 'fortran_order': False, 'shape': (4611686018427387904, 4611686018427387904), }",
              kTwoFloats),
          "impossible");
  // Strides are computed without the zero, and would overflow.
  refused(npy("{'descr': '<f4', 'fortran_order': False, 'shape': (0, 4611686018427387904, 4), }", ""), "impossible");
  refused(npy("{'descr': '<f4', 'shape': (2,), }", kTwoFloats), "cannot be parsed");
  refused(npy("{'descr': [('a', '<f4')], 'fortran_order': False, 'shape': (2,), }", kTwoFloats), "ARRAY['FIELD']");
  refused(npy("{'descr': '<f4', 'fortran_order': False, 'shape': (2, }", kTwoFloats), "cannot be parsed");
  // What Python cannot read as a dictionary is refused, too.
  refused(npy("{'descr': '<f4', 'fortran_order': False, 'shape': (2,), } x", kTwoFloats), "cannot be parsed");
  refused(npy(good + std::string(1, '\0'), kTwoFloats), "cannot be parsed");
  refused(npy("{'descr': '<f4' 'fortran_order': False, 'shape': (2,), }", kTwoFloats), "cannot be parsed");
  refused(npy("{'descr': '<f4', 'fortran_order': False, 'shape': (02,), }", kTwoFloats), "cannot be parsed");
  refused(npy("{'descr': '<f4', 'fortran_order': False, 'shape': (2), }", kTwoFloats), "cannot be parsed");
  REQUIRE_THROWS_AS(open_array(folder / "missing.npy"), DataError);
  REQUIRE_THROWS_WITH(open_array(folder.write("a.csv", "1,2")), ContainsSubstring(".npy, .safetensors and .pt"));
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

TEST_CASE("safetensors may hold bools and small integers", "[data]") {
  const TemporaryFolder folder;
  const std::string header =
      R"({"b":{"dtype":"BOOL","shape":[3],"data_offsets":[0,3]},"s":{"dtype":"I16","shape":[2],"data_offsets":[3,7]}})";
  const auto file = folder.write("a.safetensors", safetensors(header, std::string("\0\x01\x09\xfe\xff\x01\0", 7)));
  REQUIRE(open_array(file.string() + "#b")->read_all().equal(torch::tensor({0, 1, 1}, torch::kLong).to(torch::kBool)));
  REQUIRE(open_array(file.string() + "#s")->read_all().equal(torch::tensor({-2, 1}, torch::kShort)));
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
  refused(safetensors(R"({"x":{"dtype":"F8_E4M3","shape":[2],"data_offsets":[0,2]}})", "ab"),
          "the tensor 'x' has the type F8_E4M3");
  refused(safetensors(R"({"x":{"dtype":"F32","shape":[-2],"data_offsets":[0,8]}})", kTwoFloats), "impossible");
  refused(safetensors(R"({"x":{"dtype":"F32","shape":[0,4611686018427387904,4],"data_offsets":[0,0]}})", ""),
          "impossible");
  refused(safetensors(R"({"x":{"dtype":"F32"}})", kTwoFloats), "cannot be parsed");
  refused(safetensors(R"([1, 2])", kTwoFloats), "cannot be parsed");
  const std::string good = R"({"x":{"dtype":"F32","shape":[2],"data_offsets":[0,8]}})";
  refused(safetensors(good + std::string("\0", 1), kTwoFloats), "its header has the character U+0000");
}
