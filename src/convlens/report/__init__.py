"""The page that `convlens reproduce` makes: one HTML file that needs nothing else. Must not know training.

study ─ material ─▶ sections (blocks of plain text, pictures) ─ templates ─▶ report.html
"""

from convlens.report.page import write_report, write_runs_report

__all__ = ["write_report", "write_runs_report"]
