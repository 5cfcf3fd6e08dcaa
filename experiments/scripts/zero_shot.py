# The relation `zero_shot`: compares the query with the texts only. `query` has many rows at once, [n, D].


def logits(query: Tensor, text: Tensor, logit_scale: float = 100.0) -> Tensor:
    return query.matmul(text.t()) * logit_scale
