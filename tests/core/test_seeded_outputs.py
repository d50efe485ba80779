"""The claim of docs/running.md: bad outputs are caught, and good ones are let through."""

from __future__ import annotations

from collections import Counter

from conductor.core.checks import check_output, passed
from tests.core.seeded import Case, cases


def caught(case: Case) -> bool:
    return not passed(check_output(case.material))


def test_nineteen_of_twenty_bad_outputs_are_caught_of_every_kind():
    made, found = Counter[str](), Counter[str]()
    for case in cases():
        if case.kind != "clean":
            made[case.kind] += 1
            found[case.kind] += caught(case)
    assert len(made) == 10
    assert {kind: share for kind in made if (share := found[kind] / made[kind]) < 0.8} == {}
    assert found.total() >= 0.95 * made.total()


def test_one_of_twenty_good_outputs_at_most_is_turned_down():
    clean = [case for case in cases() if case.kind == "clean"]
    wrong = [case for case in clean if caught(case)]
    assert len(wrong) <= 0.05 * len(clean)
