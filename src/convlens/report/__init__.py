"""The page that `convlens reproduce` makes: one HTML file that needs nothing else. Must not know training.

study ─ material ─▶ sections (blocks of plain text, pictures) ─ templates ─▶ report.html
"""

from convlens.report.messages import LANGUAGES, language
from convlens.report.page import write_report, write_runs_report

__all__ = ["LANGUAGES", "language", "write_report", "write_runs_report"]
