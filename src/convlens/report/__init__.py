"""The page that `convlens reproduce` and `convlens report` make: one HTML file that needs nothing else.

study or runs ─▶ report data ─▶ sections (blocks of plain text, pictures) ─ templates ─▶ report.html

It reads run folders and what was found in them. Must not know how a run is made: no trainer, no executor.
"""

from convlens.report.about import About, read_about
from convlens.report.original import REPORTED, reported_in
from convlens.report.page import write_report, write_runs_report
from convlens.report.results_file import with_reported, write_results

__all__ = [
    "REPORTED",
    "About",
    "read_about",
    "reported_in",
    "with_reported",
    "write_report",
    "write_results",
    "write_runs_report",
]
