# The relation `ape`: the cached images in the selected channels, each with its divergence from the text of its class.
# Trefoil multiplies the weight of an image by exp(γ · divergence). Because `keys` takes `channels`, it compares queries
# in these channels, and scales them to unit length again.


def unit(rows: Tensor) -> Tensor:
    norm = rows.norm(2, 1, True)
    return rows / norm.masked_fill(norm == 0, 1)


def keys(text: Tensor, images: Tensor, labels: Tensor, channels: Tensor) -> Tuple[Tensor, Tensor, Tensor]:
    cached = unit(images.index_select(1, channels))
    probability = cached.matmul(unit(text.index_select(1, channels)).t()).softmax(1)
    own = probability.gather(1, labels.unsqueeze(1)).squeeze(1)
    divergence = math.log1p(1e-6) - (own + 1e-6).log()
    return cached, torch.ones_like(own), divergence * (1.0 / math.log(2.0))
