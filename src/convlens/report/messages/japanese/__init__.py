"""What the page says, in Japanese."""

from typing import Final

from convlens.report.messages.japanese import learning_rate, making, minute, mistakes, network, page

__all__ = ["MESSAGES"]

MESSAGES: Final[dict[str, str]] = {
    **page.MESSAGES,
    **minute.MESSAGES,
    **network.MESSAGES,
    **learning_rate.MESSAGES,
    **mistakes.MESSAGES,
    **making.MESSAGES,
}
