"""A network's architecture as a figure: its parts, where they stand in rows, and how they are drawn."""

from convlens.inspection.architecture.figure import architecture

__all__ = ["architecture"]
