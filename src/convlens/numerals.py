"""How shares are written, on pages, in pictures and by commands. Must not know what they are."""

__all__ = ["accuracy", "digits_for", "percent"]


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
