from __future__ import annotations

from conductor.core.swapping import Swapping, swapping


def test_models_swap_when_they_are_known_to_be_too_much_together():
    assert swapping({"a": 3.0, "b": 4.0}, 6.0) == Swapping(gigabytes=7.0, memory_gigabytes=6.0)


def test_models_that_fit_are_alone_or_unknown_do_not():
    assert swapping({"a": 3.0, "b": 3.0}, 6.0) is None
    assert swapping({"a": 7.0}, 6.0) is None
    assert swapping({"a": 7.0, "b": None}, 6.0) is None
