// Files of torch.save and torch.jit.save, read as data.
#include "formats/torch_file.h"

#include <ATen/ops/arange.h>
#include <ATen/ops/tensor.h>
#include <torch/csrc/jit/api/module.h>
#include <torch/csrc/jit/serialization/import.h>
#include <torch/csrc/jit/serialization/pickle.h>

#include "base/errors.h"
#include "formats/pickle.h"
#include "support/catch.h"
#include "support/files.h"
#include "support/torch_files.h"

using namespace tests;
using trefoil::DataError;
using trefoil::formats::read_torch_file;
using trefoil::formats::read_torch_tensor;

namespace {

// A file of torch.save with this pickle, and six float32 numbers, 0 to 5, in the member data/0.
std::filesystem::path torch_file(const TemporaryFolder& folder, const std::string& value) {
  write_zip(
      folder / "x.pt",
      {{"x/data.pkl", pickle::whole(value)}, {"x/data/0", float_bytes({0, 1, 2, 3, 4, 5})}, {"x/version", "3\n"}});
  return folder / "x.pt";
}

const std::string kSix = pickle::storage("FloatStorage", "0", 6);

void refused_pickle(const std::string& value, const std::string& reason) {
  const TemporaryFolder folder;
  CAPTURE(reason);
  REQUIRE_THROWS_WITH(read_torch_file(torch_file(folder, value)),
                      ContainsSubstring("x.pt: ") && ContainsSubstring(reason));
}

torch::Tensor numbers(std::initializer_list<float> values) { return torch::tensor(std::vector<float>(values)); }

}  // namespace

TEST_CASE("a state dictionary gives its tensors by name", "[data]") {
  const TemporaryFolder folder;
  const std::string parameter =
      pickle::call(pickle::global("torch._utils", "_rebuild_parameter"),
                   pickle::tuple({pickle::tensor(kSix, 0, {2, 3}, {3, 1}), "\x88", pickle::dictionary({})}));
  // collections.OrderedDict, filled by item, with the attribute _metadata.
  const std::string state = pickle::call(pickle::global("collections", "OrderedDict"), ")") + "(" +
                            pickle::text("a.weight") + parameter + pickle::text("a.bias") +
                            pickle::tensor(kSix, 4, {2}, {1}) + "u" +
                            pickle::dictionary({{"_metadata", pickle::dictionary({})}}) + "b";
  const auto file = torch_file(folder, pickle::dictionary({{"epoch", pickle::integer(3)}, {"state_dict", state}}));
  const auto tensors = read_torch_file(file);
  REQUIRE(tensors.size() == 2);
  REQUIRE(tensors.at("state_dict.a.weight").equal(torch::arange(6).to(torch::kFloat).view({2, 3})));
  REQUIRE(tensors.at("state_dict.a.bias").equal(numbers({4, 5})));
}

TEST_CASE("a tensor may be a part of its storage, in another order", "[data]") {
  const TemporaryFolder folder;
  REQUIRE(read_torch_tensor(torch_file(folder, pickle::tensor(kSix, 1, {2, 2}, {1, 3})))
              .equal(numbers({1, 4, 2, 5}).view({2, 2})));
  REQUIRE(read_torch_tensor(torch_file(folder, pickle::tensor(kSix, 0, {0, 3}, {3, 1}))).sizes() ==
          at::IntArrayRef({0, 3}));
  REQUIRE(read_torch_tensor(torch_file(folder, pickle::tensor(kSix, 5, {}, {}))).item<float>() == 5);
}

TEST_CASE("what LibTorch itself saves is read back: tensors, dictionaries, modules", "[data]") {
  const TemporaryFolder folder;
  const torch::Tensor half = torch::arange(6).view({2, 3}).to(torch::kHalf).t();
  const std::vector<char> saved = torch::jit::pickle_save(half);
  folder.write("tensor.pt", std::string(saved.begin(), saved.end()));
  REQUIRE(read_torch_tensor(folder / "tensor.pt").equal(half));
  REQUIRE(read_torch_tensor(folder / "tensor.pt").scalar_type() == torch::kHalf);

  torch::jit::Module inner("inner");
  inner.register_parameter("weight", torch::arange(4), /*is_buffer=*/false);
  torch::jit::Module outer("outer");
  outer.register_module("inner", inner);
  outer.register_parameter("running_mean", torch::arange(3).to(torch::kFloat), /*is_buffer=*/true);
  outer.register_attribute("width", c10::IntType::get(), std::int64_t{3});
  outer.define("def forward(self, x):\n    return x * self.inner.weight\n");
  outer.save((folder / "module.pt").string());
  const auto tensors = read_torch_file(folder / "module.pt");
  REQUIRE(tensors.size() == 2);
  REQUIRE(tensors.at("inner.weight").equal(torch::arange(4)));
  REQUIRE(tensors.at("running_mean").equal(torch::arange(3).to(torch::kFloat)));
}

TEST_CASE("no code of a module is run when its tensors are read", "[data]") {
  const TemporaryFolder folder;
  const std::string trap = (folder / "trap").string();
  torch::jit::Module module("module");
  module.register_parameter("weight", torch::arange(2), /*is_buffer=*/false);
  module.define("def __getstate__(self):\n    return self.weight\n");
  module.define("def __setstate__(self, state: Tensor) -> None:\n    self.weight = torch.from_file(\"" + trap +
                "\", True, 4)\n");
  module.save((folder / "module.pt").string());
  read_torch_file(folder / "module.pt");
  REQUIRE_FALSE(std::filesystem::exists(trap));
  torch::jit::load((folder / "module.pt").string());  // the trap works: LibTorch's own reader falls into it
  REQUIRE(std::filesystem::exists(trap));
}

TEST_CASE("a pickle that imports anything but parts of tensors is refused, with the name", "[data]") {
  refused_pickle(pickle::call(pickle::global("os", "system"), pickle::tuple({pickle::text("true")})),
                 "to import 'os.system'");
  refused_pickle(pickle::text("builtins") + pickle::text("eval") + "\x93", "to import 'builtins.eval'");
  refused_pickle(pickle::global("torch._utils", "_rebuild_sparse_tensor"), "_rebuild_sparse_tensor");
}

TEST_CASE("a damaged pickle is refused", "[data]") {
  for (const char* value : {"0", "t", "R", "b", "s", "u", "Q", "2", "q\x01", "h\x01", "(0",
                            "}K\x01"
                            "a",
                            "]K\x01K\x02s", "K\x01)R",
                            "X\xFF\xFF\xFF\x7F"
                            "a",
                            "\x8a\x09"
                            "123456789",
                            "I12", "Ix\n",
                            "\x95"
                            "12345678"}) {
    CAPTURE(value);
    refused_pickle(value, "pickle");
  }
  refused_pickle("\xFF", "an operation that Trefoil does not read");
  const TemporaryFolder folder;
  const std::string good = pickle::whole(pickle::tensor(kSix, 0, {2, 3}, {3, 1}));
  for (std::size_t length = 0; length < good.size(); ++length) {
    write_zip(folder / "cut.pt",
              {{"x/data.pkl", good.substr(0, length)}, {"x/data/0", float_bytes({0, 1, 2, 3, 4, 5})}});
    REQUIRE_THROWS_AS(read_torch_file(folder / "cut.pt"), DataError);
  }
}

TEST_CASE("a tensor never has more numbers than its storage", "[data]") {
  refused_pickle(pickle::tensor(kSix, 0, {7}, {1}), "more elements than it has");
  refused_pickle(pickle::tensor(kSix, 6, {1}, {1}), "more elements than it has");
  refused_pickle(pickle::tensor(kSix, 0, {1LL << 40}, {0}), "more elements than it has");
  refused_pickle(pickle::tensor(kSix, 0, {1LL << 62, 1LL << 62}, {1LL << 62, 1}), "more elements than it has");
  refused_pickle(pickle::tensor(kSix, -1, {1}, {1}), "description of a tensor");
  refused_pickle(pickle::tensor(kSix, 0, {2}, {-1}), "description of a tensor");
  refused_pickle(pickle::tensor(kSix, 0, {2, 3}, {1}), "more elements than it has");
  refused_pickle(pickle::tensor(kSix, 0, {0, 1LL << 62, 4}, {1, 1, 1}), "the shape in its header is impossible");
  refused_pickle(pickle::tensor(pickle::storage("FloatStorage", "0", 5), 0, {5}, {1}),
                 "24 bytes, but 5 elements of 4 bytes are needed");
  refused_pickle(pickle::tensor(pickle::storage("FloatStorage", "0", 1LL << 61), 0, {5}, {1}), "are needed");
  refused_pickle(pickle::tensor(pickle::storage("FloatStorage", "1", 6), 0, {6}, {1}), "'x/data/1' is missing");
}

TEST_CASE("nested and shared dictionaries cost neither the stack nor the memory", "[data]") {
  std::string deep;
  for (int i = 0; i < 100'000; ++i) deep += "}" + pickle::text("a");
  refused_pickle(deep + "N" + std::string(100'000, 's'), "nested more than 64 deep");
  refused_pickle("}q\x01" + pickle::text("a") + "h\x01s", "nested more than 64 deep");
  // Each dictionary holds the one before it twice: 2^50 paths.
  std::string shared = "}q\x01";
  for (int i = 0; i < 50; ++i) {
    shared += "0}" + pickle::text("a") + "h\x01s" + pickle::text("b") + "h\x01s" + "q\x01";
  }
  refused_pickle(shared, "contain each other too often");
  std::vector<std::pair<std::string, std::string>> copies;
  copies.reserve(5);
  for (int i = 0; i < 5; ++i) copies.emplace_back(std::to_string(i), pickle::tensor(kSix, 0, {6}, {1}));
  refused_pickle(pickle::dictionary(copies), "share their data too often");
  refused_pickle("]" + std::string(1'100'000, 'N'), "more than 1,000,000 values");
}

TEST_CASE("a text that is not UTF-8 is refused, as Python refuses it", "[data]") {
  refused_pickle(pickle::text("caf\xE9"), "pickle is damaged");
  refused_pickle(pickle::dictionary({{"caf\xE9", pickle::tensor(kSix, 0, {6}, {1})}}), "pickle is damaged");
}

TEST_CASE("a pickle of a protocol that Python does not know is refused", "[data]") {
  refused_pickle("\x80\x06N", "newer protocol than 5");
}

TEST_CASE("data outside the pickle that is no storage is refused", "[data]") {
  const std::string other = pickle::tuple({pickle::text("storag\xC3\xA9"), pickle::global("torch", "FloatStorage"),
                                           pickle::text("0"), pickle::text("cpu"), pickle::integer(6)}) +
                            "Q";
  refused_pickle(pickle::tensor(other, 0, {6}, {1}), "description of a tensor");
}

TEST_CASE("an import of any name gives a message of one line that is not cut", "[data]") {
  const std::string cure = "which is not needed for tensors";
  refused_pickle(pickle::global("o\xE9s", "system"), "import 'o\\xE9s.system', " + cure);
  refused_pickle(pickle::global(std::string("o\0s", 3), "system"), "import 'o\\x00s.system', " + cure);
  refused_pickle(pickle::text("os\n") + pickle::text("system") + "\x93", "import 'os\\x0A.system', " + cure);
}

TEST_CASE("what is wrong with the zip file is said", "[data]") {
  const TemporaryFolder folder;
  REQUIRE_THROWS_WITH(read_torch_file(folder / "absent.pt"), ContainsSubstring("there is no such file"));
  folder.write("text.pt", "PK\x03\x04 but no zip");
  REQUIRE_THROWS_WITH(read_torch_file(folder / "text.pt"), ContainsSubstring("not a zip file"));
  write_zip(folder / "other.pt", {{"readme.txt", "hello"}});
  REQUIRE_THROWS_WITH(read_torch_file(folder / "other.pt"), ContainsSubstring("no data.pkl in it"));
  write_zip(folder / "big.pt", {{"x/byteorder", "big"}, {"x/data.pkl", pickle::whole("N")}});
  REQUIRE_THROWS_WITH(read_torch_file(folder / "big.pt"), ContainsSubstring("big-endian"));
  write_zip(folder / "bomb.pt", {{"x/data.pkl", pickle::whole("N")}, {"x/data/0", std::string(50'000'000, '\0')}},
            /*compressed=*/true);
  REQUIRE_THROWS_WITH(read_torch_file(folder / "bomb.pt"), ContainsSubstring("unpack to more than 16 times"));
}

TEST_CASE("a zip file that another program wrote is read", "[data]") {
  const TemporaryFolder folder;
  const std::string bytes = stored_zip({{"x/data.pkl", pickle::whole(pickle::tensor(kSix, 0, {6}, {1}))},
                                        {"x/data/0", float_bytes({0, 1, 2, 3, 4, 5})}});
  folder.write("other.pt", bytes);
  REQUIRE(read_torch_tensor(folder / "other.pt").equal(torch::arange(6).to(torch::kFloat)));
}

TEST_CASE("a file that was packed again is read, and a flipped bit is noticed", "[data]") {
  const TemporaryFolder folder;
  const auto members = std::map<std::string, std::string>{
      {"x/data.pkl", pickle::whole(pickle::tensor(kSix, 0, {6}, {1}))}, {"x/data/0", float_bytes({0, 1, 2, 3, 4, 5})}};
  write_zip(folder / "packed.pt", members, /*compressed=*/true);
  REQUIRE(read_torch_tensor(folder / "packed.pt").equal(torch::arange(6).to(torch::kFloat)));
  write_zip(folder / "plain.pt", members);
  std::string bytes = read(folder / "plain.pt");
  bytes[bytes.find(float_bytes({3, 4}))] ^= 1;
  folder.write("plain.pt", bytes);
  REQUIRE_THROWS_WITH(read_torch_tensor(folder / "plain.pt"), ContainsSubstring("'x/data/0' is damaged"));
}

TEST_CASE("one tensor is asked for, and another number is there", "[data]") {
  const TemporaryFolder folder;
  REQUIRE_THROWS_WITH(read_torch_tensor(torch_file(folder, "N")), ContainsSubstring("it has no tensor"));
  const std::string two =
      pickle::dictionary({{"one", pickle::tensor(kSix, 0, {6}, {1})}, {"two", pickle::tensor(kSix, 0, {6}, {1})}});
  REQUIRE_THROWS_WITH(read_torch_tensor(torch_file(folder, two)),
                      ContainsSubstring("it has 2 tensors; choose one with FILE#NAME"));
}
