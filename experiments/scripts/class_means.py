# A head: moves the text of each class towards the mean of its images. It trains nothing step by step.


def unit(rows: Tensor) -> Tensor:
    norm = rows.norm(2, 1, True)
    return rows / norm.masked_fill(norm == 0, 1)


def train(text: Tensor, images: Tensor, labels: Tensor, weight: float = 0.3) -> Tensor:
    sums = torch.zeros_like(text).index_add(0, labels, images)
    counts = torch.bincount(labels, None, text.size(0)).clamp_min(1).unsqueeze(1)
    return unit(text + weight * sums / counts)
