"""`conductor show`."""

from __future__ import annotations

from itertools import groupby
from typing import TYPE_CHECKING

import click

from conductor.cli import output, show

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    from conductor.app.effective import Effective, ShownValue

_WIDEST = 60  # characters of one cell; a longer value is cut


@click.command(name="show")
@output.format_option("text", "json")
@click.pass_obj
def command(folder: str, form: str) -> int:
    """Show the policy that holds here, and which layer says what.

    Layers are the packaged default, the organisation's policy that conductor.toml names, and this
    workspace. Where a layer says something else than those above it, their value is shown too.
    """
    from conductor.app.build import workspace_of
    from conductor.app.effective import effective

    found = effective(workspace_of(folder))
    if form == "json":
        show.document(_document(found))
    else:
        show.result(show.safe("\n\n".join(_blocks(found))))
    return 0


def _blocks(found: Effective) -> Iterator[str]:
    yield "\n".join(["layers", *(f"  {name:<12}  {origin}" for name, origin in found.layers)])
    rules = [
        (str(number), rule.id, rule.route, rule.layer, rule.when)
        for number, rule in enumerate(found.rules[:-1], 1)
    ]
    last = found.rules[-1]
    rows = [*rules, ("", "otherwise", last.route, last.layer, "")]
    yield "\n".join(["rules, the first that holds decides", *_table(rows)])
    for section, values in groupby(found.values, key=lambda one: one.path.split(".")[0]):
        yield "\n".join([section, *_table([_row(one) for one in values])])


def _row(one: ShownValue) -> tuple[str, ...]:
    note = "" if one.above is None else f"(above: {_cell(one.above)})"
    return one.path.partition(".")[2], _cut(_cell(one.value)), one.layer, note


def _table(rows: Sequence[Sequence[str]]) -> Iterator[str]:
    widths = [max(len(row[at]) for row in rows) for at in range(len(rows[0]))]
    for row in rows:
        cells = (cell.ljust(width) for cell, width in zip(row, widths, strict=True))
        yield f"  {'  '.join(cells)}".rstrip()


def _cell(value: object) -> str:
    if isinstance(value, list):
        return ", ".join(str(one) for one in value) or "none"
    if isinstance(value, dict) and all(type(one) is int for one in value.values()):
        return ", ".join(f"{key} = {one}" for key, one in value.items())
    if isinstance(value, dict):
        words = [str(one) for one in value.values() if isinstance(one, str)]
        numbers = [f"{key} {one}" for key, one in value.items() if isinstance(one, int | float)]
        return ", ".join([*numbers, *words])
    if isinstance(value, bool):
        return str(value).lower()
    return f"{value:,}" if isinstance(value, int) else str(value)


def _cut(text: str) -> str:
    return text if len(text) <= _WIDEST else f"{text[: _WIDEST - 1]}…"


def _document(found: Effective) -> dict[str, object]:
    return {
        "revision": found.revision,
        "layers": [{"name": name, "origin": origin} for name, origin in found.layers],
        "rules": [
            {
                "id": rule.id or None,
                "when": rule.when if rule.id else None,
                "route": rule.route,
                "layer": rule.layer,
                "file": rule.at.file,
                "line": rule.at.line,
            }
            for rule in found.rules
        ],
        "values": [
            {
                "path": one.path,
                "value": one.value,
                "layer": one.layer,
                "file": one.at.file,
                "line": one.at.line,
                "above": one.above,
            }
            for one in found.values
        ],
    }
