"""Pictures of people's own digits, as MNIST would have them. Must not know networks.

picture ─ paper (shade taken off) ─ rules (ruled lines) ─ pieces (what is writing) ─┐
        a digit as MNIST has it ◀─ pen (as thick) ◀─ placing (as large, as central) ┘

`explorer/browser/hand/` says the same in JavaScript: a network's page takes pictures too.
"""

from convlens.data.handwriting.prepared import LARGEST, Prepared, Way, prepare

__all__ = ["LARGEST", "Prepared", "Way", "prepare"]
