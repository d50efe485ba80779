"""Weights as they are declared, and each mistake in them."""

from __future__ import annotations

import pytest

from conductor.compiler.text import Parsed, parse
from conductor.compiler.weights import Weighing
from conductor.core.facts import FactSpec
from conductor.core.lineage import lineage

NUMBER = FactSpec("tokens", "integer", 0, low=0, high=99)
TASK = FactSpec("task", "enum", "a", values=("a", "a.b", "a.b.c", "d", "e"))
FLAG = FactSpec("flag", "boolean", default=False)


def lowered(spec: FactSpec, table: str):
    parsed = parse("facts.toml", f"[weights]\n{table}")
    assert isinstance(parsed, Parsed)
    weighing = Weighing(parsed, spec, ("weights",), below)
    assert isinstance(parsed.data, dict)
    weights = weighing.lowered(parsed.data["weights"])
    return weights, [
        (str(one.at), one.name, one.message, one.hint, bool(one.fix)) for one in weighing.findings
    ]


def below(fact: str, value: str) -> tuple[str, ...]:
    return tuple(one for one in TASK.values if value in lineage(one)) or (value,)


@pytest.mark.parametrize(
    ("spec", "table", "weights"),
    [
        (NUMBER, '"0..9" = 3\n"10.." = 1', (((0, 9), 3), ((10, 99), 1))),
        (NUMBER, '"..9" = 3\n"*" = 1', (((0, 9), 3), ((10, 99), 1))),
        (NUMBER, '"5" = 3\n"1_0..2_0" = 2\n"*" = 1',
         (((5, 5), 3), ((10, 20), 2), ((0, 4, 6, 9, 21, 99), 1))),
        (FLAG, "true = 1\nfalse = 9", (((True,), 1), ((False,), 9))),
        (TASK, 'a = 6\n"a.b" = 2\n"*" = 1', ((("a",), 6), (("a.b", "a.b.c"), 2), (("d", "e"), 1))),
        (TASK, '"a.b.c" = 2\na = 6\n"*" = 1',
         ((("a.b.c",), 2), (("a", "a.b"), 6), (("d", "e"), 1))),
    ],
)  # fmt: skip
def test_weights_are_disjoint_parts_of_all_values(spec, table, weights):
    assert lowered(spec, table) == (weights, [])


@pytest.mark.parametrize(
    ("spec", "table", "found"),
    [
        (NUMBER, '"0..9" = 3', ("facts.toml:1:2", "missing-weight", "no weight for `10..99`",
                                'add it, or `"*" = 1`', False)),
        (FLAG, "true = 3", ("facts.toml:1:2", "missing-weight", "no weight for `false`",
                            'add it, or `"*" = 1`', False)),
        (NUMBER, '"0.." = 3\n"*" = 1', ("facts.toml:3:1", "idle-weight",
         "nothing is left for `*`: everything else has a weight", "remove it", False)),
        (NUMBER, '"0..9" = 3\n"9..99" = 1', ("facts.toml:3:1", "overlapping-weights",
         "`9..99` and `0..9` have numbers in common", "move the end of one of them", False)),
        (NUMBER, '"few" = 3\n"*" = 1', ("facts.toml:2:1", "wrong-interval",
         "`few` is no interval of numbers", "write it as `0..99`; `*` stands for the rest", False)),
        (NUMBER, '"9..5" = 3\n"*" = 1', ("facts.toml:2:1", "out-of-bounds",
         "`9..5` goes beyond the values of `tokens`",
         "write numbers from 0 to 99, the lower first", False)),
        (TASK, '"a.bb" = 2\n"*" = 1', ("facts.toml:2:1", "unknown-value",
         "fact `task` has no value `a.bb`", "did you mean `a.b`?", True)),
        (FLAG, 'ture = 2\n"*" = 1', ("facts.toml:2:1", "unknown-value",
         "fact `flag` has no value `ture`", "did you mean `true`?", True)),
    ],
)  # fmt: skip
def test_a_mistake_in_weights_is_found_once_at_its_place(spec, table, found):
    assert lowered(spec, table) == ((), [found])
