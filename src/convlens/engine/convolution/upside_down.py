"""dx of a convolution without pooling and with a stride of 1: a convolution too. Must not know stages."""

from convlens.engine.convolution.choosing import OutputsTile
from convlens.engine.convolution.forward import Order, Outputs, Wiring, convolver
from convlens.engine.convolution.operands import Operands
from convlens.engine.memory import aligned
from convlens.engine.stage import IDENTITY
from convlens.kernels.sizes import OutputSizes, Reads

__all__ = ["UpsideDown"]


class UpsideDown:
    """dx: the convolution of the output's derivatives with the filters upside down.

    They must be masked by now. It reads a border of zeros around them, and asks the frame for it.
    """

    def __init__(self, tile: OutputsTile, operands: Operands) -> None:
        self.operands, flipped = operands, operands.geometry.upside_down
        self._convolver = convolver(flipped, tile)
        operands.frame.require(*flipped.border)

    def allocate(self, capacity: int) -> None:
        """Make the buffers; memories have been allocated."""
        del capacity
        g, x, y = self.operands.geometry, self.operands.source, self.operands.frame
        self._convolver.allocate(Wiring(
            order=Order.upside_down(g),
            x=y.grad,
            reads=Reads(y.size, y.patch_origin(*g.upside_down.pad), y.row, y.row, g.F),
            bias=aligned(g.C),  # zeros
            floor=IDENTITY,
            out=Outputs(x.grad),
            output=OutputSizes(x.size, x.origin, x.row, 0),
        ))  # fmt: skip

    def run(self, n: int, is_first_piece: bool, is_last_piece: bool) -> None:
        """Write dx of n samples."""
        del is_last_piece
        self._convolver.run(self.operands.bound.w, n, pack=is_first_piece)
