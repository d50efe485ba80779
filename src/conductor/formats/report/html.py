"""A report as one HTML file: nothing is loaded, nothing runs, and all foreign text is escaped."""

from __future__ import annotations

from collections.abc import Iterator
from html import escape

from conductor.core.report import Report
from conductor.formats.report import charts
from conductor.formats.report.outline import FIRST_STEP, NOTHING_YET, outline
from conductor.formats.report.section import Cells, Section
from conductor.formats.text import safe

# No script, no image, no font, no frame: a browser refuses whatever a text might smuggle in.
_POLICY = "default-src 'none'; style-src 'unsafe-inline'"
_FOLDED = 12  # rows from which a table is folded up
_STYLE = """
:root { color-scheme: light dark; --back: #fff; --text: #1d2430; --soft: #5b6675; --line: #d9dee6;
  --tint: #f4f6f9; --main: #1f6f8b; --lost: #c9752b; }
@media (prefers-color-scheme: dark) { :root { --back: #14181e; --text: #e6eaf0; --soft: #9aa6b5;
  --line: #2f3742; --tint: #1b2129; --main: #5fb3d1; --lost: #e0a060; } }
* { box-sizing: border-box; }
body { margin: 0 auto; padding: 2rem 1.25rem 4rem; max-width: 56rem; background: var(--back);
  color: var(--text); font: 16px/1.5 system-ui, sans-serif; }
h1 { font-size: 1.6rem; margin: 0; } h2 { font-size: 1.1rem; margin: 2.5rem 0 .5rem; }
p, li { max-width: 46rem; } .made, .notes { color: var(--soft); font-size: .875rem; }
.notes { padding-left: 1.2rem; } .lead { font-size: 1.15rem; }
.wide { overflow-x: auto; } table { border-collapse: collapse; font-size: .875rem; width: 100%; }
th, td { text-align: left; padding: .3rem .75rem .3rem 0; border-bottom: 1px solid var(--line);
  vertical-align: top; } th { color: var(--soft); font-weight: 600; }
.number { text-align: right; font-variant-numeric: tabular-nums; white-space: nowrap; }
td:first-child { white-space: nowrap; } tr.net td { font-weight: 600; background: var(--tint); }
figure { margin: .75rem 0 1rem; } svg { width: 100%; height: auto; display: block; }
svg text { fill: var(--soft); font: 12px system-ui, sans-serif; }
@media (max-width: 40rem) { svg text { font-size: 18px; } }
.axis, .grid { stroke: var(--line); } .passed { fill: var(--main); } .lost { fill: var(--lost); }
.interval { stroke: var(--main); stroke-width: 3; stroke-linecap: round; opacity: .55; }
.dot { fill: var(--main); stroke: var(--back); stroke-width: 2; }
summary { cursor: pointer; color: var(--soft); font-size: .875rem; }
code { background: var(--tint); padding: .1em .3em; border-radius: .25em; }
.key { font-size: .875rem; color: var(--soft); } .key b { font-weight: 400; padding-right: 1rem; }
.key i { display: inline-block; width: .8em; height: .8em; margin-right: .35em; }
.key .a { background: var(--main); } .key .b { background: var(--lost); }
@page { margin: 16mm; }
@media print { :root { color-scheme: light; --back: #fff; --text: #000; --soft: #444; --line: #bbb;
    --tint: #f2f2f2; --main: #1f6f8b; --lost: #c9752b; }
  * { print-color-adjust: exact; -webkit-print-color-adjust: exact; }
  body { padding: 0; max-width: none; font-size: 10pt; } h2 { margin-top: 1.5rem; }
  h2, figure, tr, li { break-inside: avoid; } h2, summary, .lead { break-after: avoid; }
  .wide { overflow: visible; } table { font-size: 8.5pt; } th, td { padding-right: .8rem; }
  th, td:first-child, .number { white-space: normal; }
  summary { display: none; } details::details-content { content-visibility: visible; } }
"""
_KEY = '<p class="key"><b><i class="a"></i>passed</b><b><i class="b"></i>did not pass</b></p>'


def html(report: Report) -> str:
    """Write the page: every section with its chart, if it has one, and its whole table."""
    sections = [part for one in outline(report) for part in _section(one, report)]
    if report.empty:
        begin = f"<p>Begin with <code>{escape(FIRST_STEP)}</code></p>"
        sections.insert(0, f'<p class="lead">{NOTHING_YET}</p>\n{begin}')
    made = f"Made on {report.made_on}, policy {report.revision[:19]}."
    return "\n".join(
        [
            '<!doctype html>\n<html lang="en">\n<head>\n<meta charset="utf-8">',
            f'<meta http-equiv="Content-Security-Policy" content="{_POLICY}">',
            '<meta name="viewport" content="width=device-width, initial-scale=1">',
            f"<title>What small models saved</title>\n<style>{_STYLE}</style>\n</head>\n<body>",
            f'<h1>What small models saved</h1>\n<p class="made">{_text(made)}</p>',
            *sections,
            "</body>\n</html>",
        ]
    )


def _section(one: Section, report: Report) -> Iterator[str]:
    yield f'<h2 id="{one.key}">{_text(one.title)}</h2>'
    style = ' class="lead"' if one.key == "savings" else ""
    for sentence in one.lead:
        yield f"<p{style}>{_marked(sentence)}</p>"
    if chart := _chart(one.key, report):
        yield f'<figure class="wide">{chart}</figure>'
    if one.rows:
        table = "\n".join(_table(one))
        folded = len(one.rows) > _FOLDED
        summary = f"<summary>as a table, {len(one.rows)} rows</summary>"
        yield f"<details>{summary}{table}</details>" if folded else table
    if one.notes:
        notes = "".join(f"<li>{_marked(note)}</li>" for note in one.notes)
        yield f'<ul class="notes">{notes}</ul>'


def _chart(key: str, report: Report) -> str:
    if key == "time":
        drawn = charts.bars(report.periods)
        return f"{drawn}{_KEY}" if drawn else ""
    draw = {"ensembles": charts.intervals, "sampling": charts.coverage}.get(key)
    return draw(report.lines) if draw else ""


def _table(one: Section) -> Iterator[str]:
    yield f'<div class="wide"><table>\n<thead><tr>{_cells(one.head, one, "th")}</tr></thead>'
    for row in one.rows:
        net = ' class="net"' if row[0].startswith("net") and one.key == "account" else ""
        yield f"<tr{net}>{_cells(row, one, 'td')}</tr>"
    yield "</table></div>"


def _cells(row: Cells, one: Section, tag: str) -> str:
    number = ' class="number"'
    return "".join(
        f"<{tag}{number if at in one.numeric else ''}>{_text(cell)}</{tag}>"
        for at, cell in enumerate(row)
    )


def _marked(sentence: str) -> str:
    """Escape, and set what stands between backticks as code."""
    parts = _text(sentence).split("`")
    if len(parts) % 2 == 0:  # one is left alone: they are no marks
        return "`".join(parts)
    return "".join(f"<code>{part}</code>" if at % 2 else part for at, part in enumerate(parts))


def _text(text: str) -> str:
    return escape(safe(text))
