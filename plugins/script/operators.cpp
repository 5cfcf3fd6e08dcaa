#include "operators.h"

#include <algorithm>
#include <sstream>

#include "place.h"

namespace script {

namespace {

// Arithmetic with tensors and numbers, shapes, indices, lists and texts.
constexpr const char* kAten =
    "Bool Float FloatImplicit Int IntImplicit ScalarImplicit __and__ __contains__ __derive_index __getitem__ "
    "__is__ __isnot__ __not__ __or__ __range_length __xor__ _set_item abs abs_ acos add add_ addcdiv addcmul "
    "addmm addmv all amax amin aminmax any append arange argmax argmin argsort asin atan atan2 baddbmm bincount "
    "bitwise_and bitwise_not bitwise_or bitwise_xor bmm broadcast_tensors broadcast_to bucketize cat cdist ceil "
    "cholesky_inverse cholesky_solve chunk clamp clamp_ clamp_max clamp_max_ clamp_min clamp_min_ clear clone "
    "concat contiguous copy copy_ corrcoef cos cosh cosine_similarity count count_nonzero cov cummax cummin "
    "cumprod cumsum detach diag diag_embed diagonal diff dim div div_ dot einsum eq erf erfc exp exp_ expand "
    "expand_as expm1 extend eye fill_ flatten flip floor floor_divide floordiv fmax fmin fmod format frac full "
    "full_like gather ge get gt hstack hypot index index_add index_add_ index_copy index_copy_ index_fill "
    "index_fill_ index_put index_put_ index_select inner insert inverse is_floating_point isclose isfinite isin "
    "isinf isnan item items keys kron kthvalue le len lerp lgamma linalg_cholesky linalg_det linalg_eigh "
    "linalg_eigvalsh linalg_inv linalg_matrix_norm linalg_norm linalg_pinv linalg_qr linalg_slogdet linalg_solve "
    "linalg_solve_triangular linalg_svd linalg_svdvals linalg_vector_norm linspace list log log10 log1p log2 "
    "log_ log_softmax logdet logical_and logical_not logical_or logical_xor logsumexp lt masked_fill "
    "masked_fill_ masked_scatter masked_select matmul matrix_power max maximum mean median meshgrid min minimum "
    "mm mode movedim mul mul_ mv nan_to_num nanmean nanmedian nanquantile nansum narrow ne neg neg_ new_full "
    "new_ones new_zeros nonzero norm numel one_hot ones ones_like outer permute pop pow pow_ prod quantile "
    "reciprocal reciprocal_ relu relu_ remainder renorm repeat repeat_interleave reshape reshape_as reverse roll "
    "round rsqrt rsqrt_ rsub scalar_tensor scatter scatter_ scatter_add scatter_add_ scatter_reduce searchsorted "
    "select sigmoid sigmoid_ sign sin sinh size slice softmax softplus sort sorted split split_with_sizes sqrt "
    "sqrt_ square square_ squeeze squeeze_ stack std std_mean str sub sub_ sum swapaxes swapdims t take "
    "take_along_dim tan tanh tanh_ tensor tensor_split tile to topk trace transpose tril tril_indices triu "
    "triu_indices true_divide trunc type_as unbind unflatten unfold unique_consecutive unsqueeze unsqueeze_ "
    "values var var_mean view view_as vstack where xlogy zero_ zeros zeros_like ";

// Constants, control flow, tuples, lists, and types.
constexpr const char* kPrim =
    "Constant DictConstruct If ListConstruct ListUnpack Loop NumToTensor RaiseException TupleConstruct "
    "TupleIndex TupleSlice TupleUnpack Uninitialized abs device dtype isinstance max min unchecked_cast ";

void add_names(const std::string& space, const char* names, std::vector<std::string>& all) {
  std::istringstream words(names);
  for (std::string word; words >> word;) all.push_back(space + "::" + word);
}

void check(const torch::jit::Block& block) {
  for (const torch::jit::Node* node : block.nodes()) {
    const std::string name = node->kind().toQualString();
    if (!std::binary_search(allowed_operators().begin(), allowed_operators().end(), name)) {
      throw mistake(place_of(node->sourceRange()), "a script may not use the operator " + name,
                    "a script only computes: it has no files, no output and no random numbers");
    }
    for (const torch::jit::Block* inner : node->blocks()) check(*inner);
  }
}

}  // namespace

void require_allowed(const torch::jit::Graph& graph) { check(*graph.block()); }

const std::vector<std::string>& allowed_operators() {
  static const std::vector<std::string> kNames = [] {
    std::vector<std::string> all;
    add_names("aten", kAten, all);
    add_names("prim", kPrim, all);
    std::sort(all.begin(), all.end());
    return all;
  }();
  return kNames;
}

}  // namespace script
