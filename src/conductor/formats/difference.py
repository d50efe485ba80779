"""A comparison of two policies: for a person, and for a pull request."""

from __future__ import annotations

from collections.abc import Iterator, Mapping

from conductor.core.changes import Change
from conductor.core.comparison import Comparison, EnsembleChange
from conductor.core.difference import Flip
from conductor.core.evaluation import Verdict
from conductor.core.facts import Scalar
from conductor.core.replay import Replay, Tasks
from conductor.formats.text import safe

_BOXES = 3  # shown of one flip; the rest is counted
_LEAVES = 5  # shown of one ensemble; the rest is counted
_LONG = 60  # characters; a longer text is only said to differ
_SMALLEST = 0.001  # percent; below, a number says nothing
_CELL = str.maketrans({"|": "\\|", "\n": " ", "<": "&lt;", "`": "'"})

NOTHING = "proven: no task is decided differently"
_SAME_FACTS = "proven: the same facts are decided as before"  # but others may be derived


def text(found: Comparison) -> str:
    """Lay the comparison out for a terminal."""
    blocks = [headline(found)]
    blocks += ["\n".join(_flip(flip, found.replay)) for flip in found.flips]
    blocks += ["\n".join([f"{title}:", *lines]) for title, lines in _rest(found)]
    return safe("\n\n".join(blocks))


def markdown(found: Comparison) -> str:
    """Write the comparison as a comment on a pull request."""
    lines = [f"### Policy change: {headline(found)}"]
    if found.flips:
        logged = found.replay is not None
        lines += ["", "| | was | becomes | for example | share |" + (" logged |" if logged else "")]
        lines += ["|---|---|---|---|---|" + ("---|" if logged else "")]
        lines += [_row(flip, found.replay) for flip in found.flips]
        boxes = [f"- {_key(flip)}: {_box(box)}" for flip in found.flips for box in flip.boxes]
        lines += ["", "<details><summary>Exactly where</summary>", "", *boxes, "", "</details>"]
    for title, rest in _rest(found):
        lines += ["", f"**{title[:1].upper()}{title[1:]}**", ""]
        lines += [f"{_indent(line)}- {line.strip().translate(_CELL)}" for line in rest]
    return safe("\n".join(lines))


def headline(found: Comparison) -> str:
    """Say the whole in one line."""
    if not found.flips:
        return _SAME_FACTS if found.derivation else NOTHING
    count, up = len(found.flips), len(found.riskier)
    note = f", {up} of them towards smaller models" if up else ", none towards smaller models"
    return f"{_plural(count, 'change')} of decisions{note}"


def _flip(flip: Flip, replay: Replay | None) -> Iterator[str]:
    yield f"{'!' if flip.riskier else ' '} {flip.old_outcome} -> {flip.new_outcome}"
    yield f"    rule         {_rule(flip.old_rule)} -> {_rule(flip.new_rule)}"
    yield f"    for example  {_facts(flip.witness)}"
    yield from (f"    where        {_box(box)}" for box in flip.boxes[:_BOXES])
    if len(flip.boxes) > _BOXES:
        yield f"    where        … and {_plural(len(flip.boxes) - _BOXES, 'part')} more"
    yield f"    share        {_share(flip)} of all combinations"
    if replay and (tasks := replay.of(flip)).count:
        yield f"    logged       {_tasks(tasks, replay)}"


def _row(flip: Flip, replay: Replay | None) -> str:
    cells = [
        "⚠️" if flip.riskier else "",
        f"{flip.old_outcome} ({_rule(flip.old_rule)})",
        f"{flip.new_outcome} ({_rule(flip.new_rule)})",
        f"`{_facts(flip.witness)}`",
        _percent(flip.volume),
        *([_tasks(replay.of(flip), replay)] if replay else []),
    ]
    return f"| {' | '.join(cells)} |"


def _rest(found: Comparison) -> Iterator[tuple[str, list[str]]]:
    """Give a title and lines for everything that is no flip."""
    if found.replay and found.replay.decided + found.replay.incompatible:
        yield "logged decisions", [f"  {line}" for line in _replayed(found, found.replay)]
    if found.derivation:
        title = "facts that nobody gives may come out differently"
        yield title, [f"  {_change(change)}" for change in found.derivation]
    if found.changes:
        yield "also changed", [f"  {_change(change)}" for change in found.changes]
    if found.ensembles:
        yield "ensembles", [line for one in found.ensembles for line in _ensemble(one)]


def _replayed(found: Comparison, replay: Replay) -> Iterator[str]:
    moved = replay.total(found.flips)
    yield f"{moved.count:,} of {replay.decided:,} would be decided differently"
    up = replay.total(found.riskier)
    poor = up.verdicts[Verdict.POOR]
    if poor:
        tasks = "task" if up.count == 1 else "tasks"
        yield (
            f"{poor:,} of the {up.count:,} {tasks} that would now go to smaller models"
            f" {'was' if poor == 1 else 'were'} poor there last time"
        )
    elif up.count:
        judged = up.verdicts.total()
        note = f"{judged:,} of them judged, none poor" if judged else "none of them judged so far"
        yield f"{up.count:,} would now go to smaller models, {note}"
    if replay.incompatible:
        yield (
            f"{replay.incompatible:,} more cannot be decided again:"
            " a value is masked, or one of the policies does not know it"
        )


def _tasks(tasks: Tasks, replay: Replay) -> str:
    verdicts = [f"{tasks.verdicts[one]} {one}" for one in Verdict if tasks.verdicts[one]]
    judged = f"; judged: {', '.join(verdicts)}" if verdicts else ""
    return f"{tasks.count:,} of {replay.decided:,} decisions{judged}"


def _ensemble(one: EnsembleChange) -> Iterator[str]:
    yield f"  {one.name} {one.what}" + (
        " in what it needs: a profile or a script"
        if one.what == "changed" and not one.changes
        else ""
    )
    yield from (f"    {_change(change)}" for change in one.changes[:_LEAVES])
    if len(one.changes) > _LEAVES:
        yield f"    … and {len(one.changes) - _LEAVES} more"


def _change(change: Change) -> str:
    meaning = f" ({change.meaning})" if change.meaning else ""
    if change.old is None:
        return f"{change.path}: added{_short(change.new, ', ')}"
    if change.new is None:
        return f"{change.path}: removed{_short(change.old, ', was ')}"
    if isinstance(change.old, list) and isinstance(change.new, list):
        return f"{change.path}: {_moved(change.old, change.new)}"
    old, new = _short(change.old), _short(change.new)
    return f"{change.path}: {old} -> {new}{meaning}" if old and new else f"{change.path}: reworded"


def _moved(old: list[object], new: list[object]) -> str:
    gone = ", ".join(str(one) for one in old if one not in new)
    came = ", ".join(str(one) for one in new if one not in old)
    parts = [*([f"lost {gone}"] if gone else []), *([f"gained {came}"] if came else [])]
    return "; ".join(parts) or "another order"


def _indent(line: str) -> str:
    return " " * (len(line) - len(line.lstrip()) - 2)


def _short(value: object, lead: str = "") -> str:
    """Show a value in a line; empty when it is too long for that."""
    shown = str(value).lower() if isinstance(value, bool) else str(value)
    shown = shown or "nothing"
    return f"{lead}{shown}" if len(shown) <= _LONG and "\n" not in shown else ""


def _key(flip: Flip) -> str:
    was, becomes = _rule(flip.old_rule), _rule(flip.new_rule)
    return f"{flip.old_outcome} ({was}) → {flip.new_outcome} ({becomes})"


def _percent(share: float) -> str:
    return f"{share:.3g} %" if share >= _SMALLEST else f"less than {_SMALLEST} %"


def _share(flip: Flip) -> str:
    weighed = "" if flip.expected is None else f"{_percent(flip.expected)} of the tasks expected, "
    return f"{weighed}{_percent(flip.share)}"


def _rule(name: str) -> str:
    return name or "the default"


def _facts(facts: Mapping[str, Scalar]) -> str:
    return ", ".join(f"{name} {_value(value)}" for name, value in facts.items()) or "no facts"


def _value(value: Scalar) -> str:
    return f"{value:,}" if type(value) is int else str(value).lower()


def _box(box: Mapping[str, str]) -> str:
    return "; ".join(f"{name} {values}" for name, values in box.items()) or "everywhere"


def _plural(number: int, word: str) -> str:
    return f"{number:,} {word}" if number == 1 else f"{number:,} {word}s"
