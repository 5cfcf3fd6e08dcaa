# The selector `mixed`, APE's criterion: keeps the channels of small J = λ S − (1−λ) V. `similarity.py` explains S, and
# `variance.py` explains V. Python has the word `lambda` for itself, so λ is called `weight` here.


def class_means(text: Tensor, images: Tensor, labels: Tensor) -> Tensor:
    counts = torch.bincount(labels, None, text.size(0)) + (text != 0).any(1)
    sums = torch.zeros_like(text).index_add(0, labels, images) + text
    present = counts > 0
    return sums[present].double() / counts[present].unsqueeze(1)


def similarity(means: Tensor) -> Tensor:
    prior = torch.full([means.size(0)], 1.0 / means.size(0), dtype=torch.float64)
    weighted = prior.unsqueeze(1) * means
    pairs = weighted.sum(0).square() - weighted.square().sum(0)
    return pairs / (1.0 - prior.square().sum())


def score(text: Tensor, images: Tensor, labels: Tensor, weight: float = 0.5) -> Tensor:
    variance = text[(text != 0).any(1)].double().var(0)
    return -weight * similarity(class_means(text, images, labels)) + (1.0 - weight) * variance
