"""Random methods of classification."""
import json

SELECTORS = ["none", "fisher", "mixed", "mrmr", "random", "similarity", "variance"]
RELATIONS = ["zero_shot", "tip", "ape", "kernel_ridge", "power"]
HEADS = ["none", "none", "gda", "logistic", "residual", "text_residual", "tip_f", "whitened", "dropout"]
ADAPTERS = ["none", "none", "graph", "balanced", "transclip"]


def random_settings(draw, width):
    """Settings of an experiment on features of so many channels."""
    settings = {"selector.plugin": draw.choice(SELECTORS), "relation.plugin": draw.choice(RELATIONS),
                "head.plugin": draw.choice(HEADS), "adapter.plugin": draw.choice(ADAPTERS), "seed": draw.randint(1, 99)}
    if settings["selector.plugin"] != "none":
        settings["selector.q"] = draw.randint(1, width)
    if draw.random() < 0.3:
        settings["search.objective"] = "loo"
    if draw.random() < 0.2:
        del settings["head.plugin"]
        heads = draw.sample(["gda", "whitened", "residual", "logistic"], 2)
        settings |= {"search.head.plugin": json.dumps(heads), "search.temperature": "true"}
    return settings
