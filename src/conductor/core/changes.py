"""What changes between two versions of nested data, leaf by leaf, and which way a number tends."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from fnmatch import fnmatchcase
from typing import Any

TIGHTER, LOOSER = "tighter", "looser"

# By path: what a higher number does, and what it means when it goes up and when it goes down.
_TENDS = (
    ("sampling.established.error_percent", LOOSER, "errs more often", "errs less often"),
    ("sampling.handover.judges", LOOSER, "another judge may judge alone", "fewer judges alone"),
    ("sampling.types.*", "", "a type counts by itself later", "a type counts sooner"),
    ("sampling.handover.*", TIGHTER, "asks more of a judge", "asks less of a judge"),
    ("sampling.drift.*", LOOSER, "drift is noticed later", "drift is noticed sooner"),
    ("sampling.established.*", TIGHTER, "runs are judged for longer", "judging ends sooner"),
    ("sampling.*", TIGHTER, "more runs are judged", "fewer runs are judged"),
    ("promotion.*", TIGHTER, "asks more of an ensemble", "asks less of an ensemble"),
    ("models.parameters.*", LOOSER, "larger models may be used", "only smaller models"),
    ("models.classes.*.max_billion", LOOSER, "larger models may be used", "only smaller models"),
    ("delegation.unmeasured", "", "more tasks are too small", "fewer tasks are too small"),
    ("delegation.measured_uses", "", "measures longer first", "what was measured counts sooner"),
    ("planning.repetitions", "", "composing is proposed later", "composing is proposed sooner"),
    ("planning.prepare_tokens", "", "only longer texts are condensed", "more texts are condensed"),
    ("planning.brief_tokens", "", "briefs save less", "briefs save more"),
    ("learning.*", "", "asks for more before it proposes", "asks for less before it proposes"),
)

_NAMING = ("name", "model")  # keys that name a thing in a list, the first that does


@dataclass(frozen=True, slots=True, kw_only=True)
class Change:
    """A leaf that differs; None means that it is not there."""

    path: str  # as in `sampling.rate`
    old: object
    new: object

    @property
    def tends(self) -> str:
        """Tell whether the policy became TIGHTER or LOOSER by this; empty: neither."""
        up = self._up()
        tighter_up = next((row[1] for row in _TENDS if fnmatchcase(self.path, row[0])), "")
        if up is None or not tighter_up:
            return ""
        return tighter_up if up else (LOOSER if tighter_up == TIGHTER else TIGHTER)

    @property
    def meaning(self) -> str:
        """Say what the change of a number does; empty where only the reader knows."""
        up = self._up()
        words = next((row[2:] for row in _TENDS if fnmatchcase(self.path, row[0])), None)
        return "" if up is None or words is None else words[0 if up else 1]

    def _up(self) -> bool | None:
        if isinstance(self.old, bool) and isinstance(self.new, bool):
            return self.new > self.old
        if _number(self.old) and _number(self.new):
            return bool(self.new > self.old)  # type: ignore[operator]  # numbers, as just seen
        if self.path.endswith(".judges") and isinstance(self.new, list):
            return not set(self.new) <= set(self.old if isinstance(self.old, list) else ())
        return None


def changes(path: str, old: Any, new: Any) -> Iterator[Change]:
    """List the leaves that differ, by their path; lists of named things count by their names."""
    one, two = by_name(old), by_name(new)
    if isinstance(one, Mapping) and isinstance(two, Mapping):
        for name in (*one, *(name for name in two if name not in one)):
            yield from changes(f"{path}.{name}", one.get(name), two.get(name))
    elif old != new:
        yield Change(path=path, old=old, new=new)


def by_name(value: Any) -> Any:
    """Give a list of things that each have a `name` or `model` of their own as what they name."""
    things = isinstance(value, list) and all(isinstance(one, Mapping) for one in value)
    if not things or not value:
        return value
    for key in _NAMING:
        names = [one.get(key) for one in value]
        if all(isinstance(name, str) for name in names) and len({*names}) == len(names):
            return {
                name: {other: at for other, at in one.items() if other != key}
                for name, one in zip(names, value, strict=True)
            }
    return value


def _number(value: object) -> bool:
    return isinstance(value, int | float) and not isinstance(value, bool)
