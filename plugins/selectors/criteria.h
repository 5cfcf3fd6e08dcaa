// The two criteria of APE (Zhu et al., ICCV 2023) for scoring a channel, with their variants. The selectors similarity,
// variance and mixed share them.
#pragma once

#include <trefoil/parameters.h>
#include <trefoil/support.h>

#include <string>

namespace criteria {

constexpr trefoil::Parameter kPopulation =
    trefoil::parameter::choice("population", "joint|text|image|mix",
                               "features that class means are computed from: images and texts together, texts, images, "
                               "or S of both mixed by balance");
constexpr trefoil::Parameter kBalance =
    trefoil::parameter::real("balance", 0.5, {0, 1}, "weight of S(text) against S(image), for population mix");
constexpr trefoil::Parameter kPriors =
    trefoil::parameter::choice("priors", "uniform|empirical", "P, class priors: equal, or by number of shots");
constexpr trefoil::Parameter kPairs = trefoil::parameter::choice(
    "pairs", "mean|sum", "S as the mean over pairs of classes, or as the sum of P_i P_j m_i m_j");
constexpr trefoil::Parameter kSource = trefoil::parameter::choice(
    "source", "text|intra|image",
    "V, variance: between the texts of the classes, within classes over their images, or between the "
    "mean images of the classes");
constexpr trefoil::Parameter kKeep =
    trefoil::parameter::choice("keep", "by_source|large|small",
                               "channels to keep: of large or of small V; by_source: small V for intra, else large V");

// Returns the inter-class similarity S [D], float64. Reads the parameters kPopulation, kBalance, kPriors and kPairs.
// With class means m_i and priors P_i:
//   S_k = Σ_{i≠j} P_i P_j m_i[k] m_j[k] = (Σ_i P_i m_i[k])² − Σ_i (P_i m_i[k])²
// The second form takes O(C·D) instead of O(C²·D). For the mean over pairs, S is divided by 1 − Σ P_i².
// Throws std::invalid_argument if fewer than two classes have features of the population.
torch::Tensor similarity(const trefoil::Support& support, const trefoil::Parameters& parameters);

// Returns the variance V [D], float64, with its sign set so that larger is better. Reads kSource and kKeep.
//   text:  Σ_i (W_i − W̄)² / (C − 1)
//   image: the variance of the classes' mean images, by the same formula
//   intra: Σ (x − x̄)² / n within each class, averaged over the classes with two or more shots
// Throws std::invalid_argument if no variance can be computed.
torch::Tensor signed_variance(const trefoil::Support& support, const trefoil::Parameters& parameters);

}  // namespace criteria
