// The two criteria by which APE (Zhu et al., ICCV 2023) and its relatives score a channel, with the variants in use.
// Shared by the selectors similarity, variance and mixed.
#pragma once

#include <trefoil/parameters.h>
#include <trefoil/support.h>

#include <string>

namespace criteria {

constexpr trefoil::Parameter kPopulation = trefoil::parameter::choice(
    "population", "joint|text|image|mix",
    "whose class means are compared: images and text together, text, images, or S of both mixed by balance");
constexpr trefoil::Parameter kBalance =
    trefoil::parameter::real("balance", 0.5, {0, 1}, "for population mix: weight of S(text) against S(image)");
constexpr trefoil::Parameter kPriors =
    trefoil::parameter::choice("priors", "uniform|empirical", "P, the class priors: equal, or by number of shots");
constexpr trefoil::Parameter kPairs = trefoil::parameter::choice(
    "pairs", "mean|sum", "S as the mean over pairs of classes, or as the plain sum of P_i P_j m_i m_j");
constexpr trefoil::Parameter kSource =
    trefoil::parameter::choice("source", "text|intra|image",
                               "V: variance between classes of their texts, within classes of their images, or between "
                               "classes of their mean images");
constexpr trefoil::Parameter kKeep = trefoil::parameter::choice(
    "keep", "by_source|large|small", "which V is good; by_source: small for intra, else large");

// Inter-class similarity S [D], float64, of the selector's parameters kPopulation, kBalance, kPriors and kPairs. With
// class means m_i and priors P_i:
//   S_k = Σ_{i≠j} P_i P_j m_i[k] m_j[k] = (Σ_i P_i m_i[k])² − Σ_i (P_i m_i[k])²,
// in O(C·D) instead of O(C²·D), and divided by 1 − Σ P_i² for the mean over pairs.
// Throws std::invalid_argument when fewer than two classes have what the population needs.
torch::Tensor similarity(const trefoil::Support& support, const trefoil::Parameters& parameters);

// Variance V [D], float64, with the sign by which larger is better (kSource, kKeep).
//   text:  Σ_i (W_i − W̄)² / (C − 1)
//   image: the same of the mean images
//   intra: Σ (x − x̄)² / n within each class, averaged over the classes with two shots or more
// Throws std::invalid_argument when no variance can be computed.
torch::Tensor signed_variance(const trefoil::Support& support, const trefoil::Parameters& parameters);

}  // namespace criteria
