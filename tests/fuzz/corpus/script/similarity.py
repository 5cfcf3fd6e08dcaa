# The selector `similarity`: keeps the channels with the lowest similarity S between classes.
#   S = the mean of m_i m_j over all pairs of classes i ≠ j, where m_i is the mean of the images and the text of class i


def class_means(text: Tensor, images: Tensor, labels: Tensor) -> Tensor:
    counts = torch.bincount(labels, None, text.size(0)) + (text != 0).any(1)
    sums = torch.zeros_like(text).index_add(0, labels, images) + text
    present = counts > 0
    return sums[present].double() / counts[present].unsqueeze(1)


def score(text: Tensor, images: Tensor, labels: Tensor) -> Tensor:
    means = class_means(text, images, labels)
    prior = torch.full([means.size(0)], 1.0 / means.size(0), dtype=torch.float64)
    weighted = prior.unsqueeze(1) * means
    pairs = weighted.sum(0).square() - weighted.square().sum(0)  # Σ over pairs, without computing each pair
    return -pairs / (1.0 - prior.square().sum())
