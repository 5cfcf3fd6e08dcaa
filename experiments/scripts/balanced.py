# An adapter: shifts the logits of each class until all classes are predicted equally often, and applies half of the shift.


def adapt(probabilities: Tensor, strength: float = 0.5) -> Tensor:
    logits = probabilities.to(torch.float64).clamp_min(1e-30).log()
    classes = float(logits.size(1))
    shift = torch.zeros([logits.size(1)], dtype=torch.float64)
    for step in range(50):
        shift = shift - (classes * (logits + shift).softmax(1).mean(0)).log()
    return (logits + strength * shift).softmax(1).to(probabilities.dtype)
