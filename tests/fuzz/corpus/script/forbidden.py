def score(text: Tensor, a: Tensor = torch.rand(3)) -> Tensor:
    print(text)
    torch.save(text, "f")
    return text
