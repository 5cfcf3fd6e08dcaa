def score(text: Tensor) -> Tensor:
    return text[]
