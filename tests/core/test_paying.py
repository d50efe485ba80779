"""From how many uses a new ensemble pays."""

from __future__ import annotations

from dataclasses import replace

from hypothesis import given
from hypothesis import strategies as st

from conductor.core.paying import Cost, Effort, break_even, use_of

EFFORTS = st.builds(Effort, st.integers(0, 5_000), st.integers(0, 5_000))
COST = Cost(making=Effort(1_500, 300), judging=Effort(500, 100), judged_uses=5, written_weight=5)
COSTS = st.builds(
    Cost,
    making=EFFORTS,
    judging=EFFORTS,
    judged_uses=st.integers(0, 10),
    written_weight=st.integers(1, 10),
)


def test_the_numbers_of_the_default_policy_by_hand():
    # Made: 1,500 + 5 x 300 = 3,000. Spared by a use: 2,000 + 5 x 250 - 250 read again = 3,000.
    pays = break_even(COST, Effort(2_000, 250))
    assert pays is not None
    assert pays.judged_by_a_person == 1
    # Judged five times: 5 x (500 + 5 x 100 + 2,250) = 16,250.
    assert pays.judged_by_claude == 7
    assert pays.sentence == (
        "pays from about 7 uses on if Claude judges the first 5, from the first use if a person"
        " does (a use: about 2,000 tokens read, 250 written)"
    )


def test_where_a_use_spares_nothing_it_never_pays():
    assert break_even(replace(COST, written_weight=1), Effort(0, 100)) is None


@given(COSTS, EFFORTS)
def test_so_many_uses_spare_what_it_costs_and_one_less_does_not(cost: Cost, use: Effort):
    pays = break_even(cost, use)
    if pays is None:
        return
    spared = cost.weigh(use) - use.written
    judging = cost.judged_uses * (cost.weigh(cost.judging) + use.read + use.written)
    for uses, whole in (
        (pays.judged_by_claude, cost.weigh(cost.making) + judging),
        (pays.judged_by_a_person, cost.weigh(cost.making)),
    ):
        assert uses * spared >= whole
        assert uses == 1 or (uses - 1) * spared < whole


def test_a_task_type_has_its_parent_s_use_where_it_has_none():
    uses = {"a": Effort(1, 1), "a.b": Effort(2, 2)}
    assert use_of("a.b.c", uses) == Effort(2, 2)
    assert use_of("a.x", uses) == Effort(1, 1)
    assert use_of("z", uses) is None
