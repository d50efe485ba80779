"""A report in its forms: for a terminal, a pull request and a browser."""

from __future__ import annotations

from conductor.formats.report.html import html
from conductor.formats.report.markdown import markdown
from conductor.formats.report.text import text

__all__ = ["html", "markdown", "text"]
