def helper(x: Tensor, k: int) -> Tensor:
    for i in range(k):
        if i > 2 and k != 3:
            x = x + float(i)
    return x

def score(text: Tensor, images: Tensor, k: int = 4, name: str = "a", flag: bool = True) -> Tensor:
    y = [helper(text, k), images.mean(0)]
    while k > 0:
        k -= 1
    return torch.stack([y[0].sum(0), y[1]])[0] * math.pi
