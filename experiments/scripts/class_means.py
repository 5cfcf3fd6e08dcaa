# A head: moves the text of each class towards the mean of its images. It trains nothing step by step.


def train(text: Tensor, images: Tensor, labels: Tensor, weight: float = 0.3) -> Tensor:
    sums = torch.zeros_like(text).index_add(0, labels, images)
    counts = torch.bincount(labels, None, text.size(0)).clamp_min(1).unsqueeze(1)
    moved = text + weight * sums / counts
    return moved / moved.norm(2, 1, True)
