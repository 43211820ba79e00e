"""What the page says, in English. A key with ".one" is taken where {n} is 1."""

from typing import Final

from convlens.report.messages.english import learning_rate, making, minute, mistakes, network, page

__all__ = ["MESSAGES"]

MESSAGES: Final[dict[str, str]] = {
    **page.MESSAGES,
    **minute.MESSAGES,
    **network.MESSAGES,
    **learning_rate.MESSAGES,
    **mistakes.MESSAGES,
    **making.MESSAGES,
}
