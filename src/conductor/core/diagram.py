"""What a policy means, as one digest: equal exactly when no decision differs.

The rules become a reduced decision diagram over the facts in the order of their names: a node per
fact that still matters, with the sets of values that lead to each next node. Such a diagram is
canonical (Bryant 1986, IEEE Trans. Comput. C-35:677): equal functions have equal diagrams. Values
are written as sets or intervals, so that a cut that changes nothing leaves no trace.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence

from conductor.core.boxes import Box
from conductor.core.classes import Class
from conductor.core.condition import ALL, Atom, Condition, Group
from conductor.core.digest import digest
from conductor.core.facts import INTEGER, FactSpec
from conductor.core.policy import CLAUDE, COMPOSE, LOCAL, TASK, Policy, Rule
from conductor.core.space import Space

Effect = tuple[str, ...]  # all that a decision says beyond which rule made it, and why

_TO_CLAUDE: Effect = (CLAUDE,)


def fingerprint(policy: Policy) -> str:
    """Give the digest of what is decided over all facts; rules, reasons and order leave no trace.

    Signals and evidence have none either: they say which facts hold, not what follows from them.
    """
    layers = [layer for rule in policy.rules for layer in _layers(policy, rule)]
    specs = {name: policy.facts[name] for name in sorted(policy.facts)}
    space = Space(specs, [when for when, _ in layers])
    boxes = [(box, effect) for when, effect in layers for box in space.region(when)]
    return _Diagram(space, [*boxes, (space.whole, _TO_CLAUDE)]).digest()


class _Diagram:
    """Built from the top: a node is known by the boxes that may still decide, as bits.

    INVARIANT: the last box is the whole space, so that some box always decides.
    """

    def __init__(self, space: Space, boxes: Sequence[tuple[Box, Effect]]) -> None:
        self.space = space
        written = [digest(list(effect)) for _, effect in boxes]
        self.distinct = sorted(set(written))
        self.effects = [self.distinct.index(one) for one in written]
        self.rows = [self._rows(place, boxes) for place in range(len(space.facts))]
        # The boxes that restrict a fact from some place on; the others are decided there.
        self.open = [0] * (len(space.facts) + 1)
        for place in reversed(range(len(space.facts))):
            field = space.fields[place]
            restrict = sum(1 << at for at, (box, _) in enumerate(boxes) if field & ~box)
            self.open[place] = self.open[place + 1] | restrict
        self.everything = (1 << len(boxes)) - 1
        self.known: dict[tuple[int, int], int] = {}
        # Nodes are numbered as they are found: first the effects, then what is behind facts.
        self.nodes: list[tuple[int, dict[int, int]]] = []
        self.numbers: dict[object, int] = {}

    def digest(self) -> str:
        root = self._node(0, self.everything)
        digests = list(self.distinct)
        for place, edges in self.nodes:
            spec = self.space.specs[self.space.facts[place]]
            written = [
                [_values(spec, self.space.admitted(place, bits)), digests[node]]
                for node, bits in edges.items()
            ]
            digests.append(digest([spec.name, sorted(written)]))
        return digests[root]

    def _rows(self, place: int, boxes: Sequence[tuple[Box, Effect]]) -> list[int]:
        """Give for each class of a fact the boxes that admit it."""
        offset = self.space.offsets[place]
        return [
            sum(1 << at for at, (box, _) in enumerate(boxes) if box >> offset + nth & 1)
            for nth in range(len(self.space.classes[place]))
        ]

    def _node(self, place: int, live: int) -> int:
        decided = live & ~self.open[place]
        first = decided & -decided
        if not live & (first - 1):
            return self.effects[first.bit_length() - 1]
        live &= (first << 1) - 1  # what stands behind a box that takes the rest never decides
        if (known := self.known.get((place, live))) is None:
            known = self.known[place, live] = self._branch(place, live)
        return known

    def _branch(self, place: int, live: int) -> int:
        edges: dict[int, int] = {}
        for nth, row in enumerate(self.rows[place]):
            node = self._node(place + 1, live & row)
            edges[node] = edges.get(node, 0) | 1 << nth
        if len(edges) == 1:
            return next(iter(edges))
        key = (place, *sorted(edges.items()))
        if key not in self.numbers:
            self.numbers[key] = len(self.distinct) + len(self.nodes)
            self.nodes.append((place, edges))
        return self.numbers[key]


def _layers(policy: Policy, rule: Rule) -> Iterator[tuple[Condition, Effect]]:
    """Give what a rule does; a `local` one does something else for each service of a task."""
    if rule.outcome == CLAUDE:
        yield rule.when, _TO_CLAUDE
    elif rule.outcome != LOCAL:
        yield rule.when, (rule.outcome, rule.ask)
    elif rule.ensemble or TASK not in policy.facts:
        yield rule.when, (LOCAL, rule.on_failure, rule.ensemble)
    else:
        served: dict[Effect, list[str]] = {}
        for task in policy.facts[TASK].values:
            served.setdefault(_served(policy, rule, task), []).append(task)
        for effect, tasks in served.items():
            yield Group(ALL, (rule.when, Atom(TASK, "in", tuple(tasks)))), effect


def _served(policy: Policy, rule: Rule, task: str) -> Effect:
    if candidates := policy.candidates.get(task):
        return (LOCAL, rule.on_failure, *sorted(one.name for one in candidates))
    if template := policy.templates.get(task):
        return (COMPOSE, rule.on_failure, template)
    return _TO_CLAUDE


def _values(spec: FactSpec, classes: Sequence[Class]) -> list[str]:
    """Write values so that only their set counts; the ends of an integer's range are open."""
    if spec.kind != INTEGER:
        return sorted(str(value) for one in classes for value in one.values)
    spans: list[list[int]] = []
    for one in classes:
        low, high = int(one.values[0]), int(one.values[1])
        if spans and spans[-1][1] == low - 1:
            spans[-1][1] = high
        else:
            spans.append([low, high])
    return [
        f"{'' if low == spec.low else low}..{'' if high == spec.high else high}"
        for low, high in spans
    ]
