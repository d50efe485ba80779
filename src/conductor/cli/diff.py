"""`conductor diff`."""

from __future__ import annotations

from typing import TYPE_CHECKING

import click

from conductor.cli import show

if TYPE_CHECKING:
    from conductor.app.diff import Difference
    from conductor.core.difference import Flip

_BOXES = 3  # shown of one change; the rest is counted


@click.command(name="diff")
@click.argument("old")
@click.argument("new", required=False)
@click.option("--markdown", is_flag=True, help="Print a comment for a pull request.")
@click.option("--json", "as_json", is_flag=True, help="Print one JSON object.")
@click.pass_obj
def command(folder: str, old: str, new: str | None, markdown: bool, as_json: bool) -> int:
    """Say what a change of policy means, proven for all facts.

    OLD and NEW are folders of workspaces; without NEW, OLD is compared with this one. Exit code 1
    means that some task would go to a smaller model than before.
    """
    from conductor.app.build import workspace_of
    from conductor.app.diff import compare

    found = compare(old, new or workspace_of(folder))
    if as_json:
        show.document(_document(found))
    else:
        show.result(_markdown(found) if markdown else screen(found))
    return int(found.riskier)


def screen(found: Difference) -> str:
    """Lay the difference out for a person."""
    blocks = [_headline(found)]
    blocks.extend("\n".join(_flip(flip)) for flip in found.flips)
    blocks.extend(_rest(found))
    return "\n\n".join(blocks)


def _headline(found: Difference) -> str:
    if not found.flips:
        return "proven: no task is decided differently"
    changes = show.plural(len(found.flips), "change")
    riskier = sum(flip.riskier for flip in found.flips)
    note = f", {riskier} of them towards smaller models" if riskier else ""
    return f"{changes} of decisions{note}"


def _flip(flip: Flip) -> list[str]:
    mark = "!" if flip.riskier else " "
    lines = [
        f"{mark} {flip.old_outcome} -> {flip.new_outcome}",
        f"    rule         {_rule(flip.old_rule)} -> {_rule(flip.new_rule)}",
        f"    for example  {_facts(flip.witness)}",
    ]
    lines.extend(f"    where        {_box(box)}" for box in flip.boxes[:_BOXES])
    if len(flip.boxes) > _BOXES:
        lines.append(f"    where        … and {len(flip.boxes) - _BOXES} parts more")
    lines.append(f"    share        {flip.share:.3g} % of all combinations of facts")
    return lines


def _rest(found: Difference) -> list[str]:
    blocks = []
    if found.values:
        blocks.append("\n".join(f"  {path}: {old} -> {new}" for path, old, new in found.values))
    if found.ensembles:
        blocks.append("\n".join(f"  ensemble {name} {what}" for name, what in found.ensembles))
    return blocks


def _markdown(found: Difference) -> str:
    lines = [f"**Policy change:** {_headline(found)}"]
    if found.flips:
        lines += ["", "| | was | becomes | for example | share |", "|---|---|---|---|---|"]
        lines.extend(
            f"| {'⚠️' if flip.riskier else ''} | {flip.old_outcome} ({_rule(flip.old_rule)})"
            f" | {flip.new_outcome} ({_rule(flip.new_rule)}) | `{_facts(flip.witness)}`"
            f" | {flip.share:.3g} % |"
            for flip in found.flips
        )
    lines.extend(f"\n{block}" for block in _rest(found))
    return "\n".join(lines)


def _rule(name: str) -> str:
    return name or "the default"


def _facts(facts: dict[str, bool | int | str]) -> str:
    return ", ".join(f"{name} {str(value).lower()}" for name, value in facts.items()) or "no facts"


def _box(box: dict[str, str]) -> str:
    return "; ".join(f"{name} {values}" for name, values in box.items()) or "everywhere"


def _document(found: Difference) -> dict[str, object]:
    return {
        "old_revision": found.old_revision,
        "new_revision": found.new_revision,
        "riskier": found.riskier,
        "flips": [
            {
                "old_rule": flip.old_rule or None,
                "old_outcome": flip.old_outcome,
                "new_rule": flip.new_rule or None,
                "new_outcome": flip.new_outcome,
                "riskier": flip.riskier,
                "share_percent": flip.share,
                "witness": flip.witness,
                "boxes": list(flip.boxes),
            }
            for flip in found.flips
        ],
        "values": [{"path": path, "old": old, "new": new} for path, old, new in found.values],
        "ensembles": [{"name": name, "change": what} for name, what in found.ensembles],
    }
