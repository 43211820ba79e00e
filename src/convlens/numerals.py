"""How many digits a share can carry, on pages, in pictures and in commands. Must not know languages."""

__all__ = ["digits_for"]


def digits_for(n_images: int) -> int:
    """Return how many digits of a percentage `n_images` pictures can carry.

    >>> digits_for(1000), digits_for(10_000)
    (1, 2)
    """
    return 1 if n_images <= 1000 else 2
