# The selector `variance`: keeps the channels in which the texts of the classes differ.


def score(text: Tensor) -> Tensor:
    with_text = (text != 0).any(1)  # a class without a text has a row of zeros
    return text[with_text].double().var(0)
