# The relation `tip` (Tip-Adapter): the cached images as they are, in all channels. Trefoil computes
#   logits = s · f Wᵀ + α · exp(−β (1 − f Fᵀ)) L
# from them, so α, β and `logit_scale` are parameters, and a search finds α and β quickly.


def keys(images: Tensor) -> Tensor:
    return images
