"""What the page says, in Korean.

Names and numbers are followed only by particles that do not depend on how they are read.
"""

from typing import Final

from convlens.report.messages.korean import learning_rate, making, minute, mistakes, network, page

__all__ = ["MESSAGES"]

MESSAGES: Final[dict[str, str]] = {
    **page.MESSAGES,
    **minute.MESSAGES,
    **network.MESSAGES,
    **learning_rate.MESSAGES,
    **mistakes.MESSAGES,
    **making.MESSAGES,
}
