"""How shares are written, on pages, in pictures and by commands. Must not know what they are."""

__all__ = ["accuracy", "confidence", "digits_for", "percent"]


def percent(share: float, digits: int = 1) -> str:
    """Write a share from 0 to 1.

    >>> percent(0.957)
    '95.7 %'
    """
    return f"{100 * share:.{digits}f} %"


def digits_for(n_images: int) -> int:
    """Return how many digits of a percentage `n_images` pictures can carry."""
    return 1 if n_images <= 1000 else 2


def accuracy(share: float, n_images: int) -> str:
    """Write an accuracy that was measured on `n_images` pictures with the digits that these can carry.

    >>> accuracy(0.968, 1000), accuracy(0.95985, 10_000)
    ('96.8 %', '95.98 %')
    """
    return percent(share, digits_for(n_images))


def confidence(probability: float) -> str:
    """Write how sure a network is of an answer: never 100.0 %, which would only be rounded.

    >>> confidence(0.957), confidence(0.99996)
    ('95.7 %', '> 99.9 %')
    """
    return "> 99.9 %" if probability >= 0.9995 else percent(probability)
