"""A report in its forms: for a terminal and for a pull request."""

from __future__ import annotations

from conductor.formats.report.markdown import markdown
from conductor.formats.report.text import text

__all__ = ["markdown", "text"]
