"""Layers that everybody writes: what each computes, and would give with each fault. Must not know reports.

A file a family. Each yields pairs of a fault's key and an array in the layout of whoever wrote the layer; the
faults that a layer may have whatever it computes are in `any_layer.py`.
"""

from convlens.check.known.known import Known, Suspects
from convlens.check.known.recognise import recognise

__all__ = ["Known", "Suspects", "recognise"]
