# The relation `power`: the kernel is a power of the cosine, which the formula of `keys` does not have. So it computes
# the logits itself. A search of α and β tries one setting after another then.


def unit(rows: Tensor) -> Tensor:
    norm = rows.norm(2, 1, True)
    return rows / norm.masked_fill(norm == 0, 1)


def logits(
    query: Tensor,
    text: Tensor,
    images: Tensor,
    labels: Tensor,
    channels: Tensor,
    alpha: float = 4.0,
    beta: float = 4.0,
    logit_scale: float = 100.0,
) -> Tensor:
    cached = unit(images.index_select(1, channels))
    cosine = unit(query.index_select(1, channels)).matmul(cached.t())
    kernel = ((cosine + 1) / 2).clamp_min(0).pow(beta)
    return (query.matmul(text.t()) * logit_scale).index_add(1, labels, kernel * alpha)
