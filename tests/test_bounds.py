"""A gate passes when one measurement is bad, and fails when two in a row are."""

from __future__ import annotations

from collections.abc import Awaitable, Callable

import pytest

from tests.bounds import Figures, at_least, at_most, hold

BOUNDS = {"ratio": at_most(1.5), "flow": at_least(300)}
GOOD, SLOW, THIN = {"ratio": 1.1, "flow": 900}, {"ratio": 2.2, "flow": 900}, {"ratio": 1.1, "flow": 90}  # fmt: skip


def measured(*rounds: Figures) -> Callable[[], Awaitable[Figures]]:
    """A benchmark that finds these, one after the other."""
    left = iter(rounds)

    async def measure() -> Figures:
        return next(left)

    return measure


async def test_what_is_within_is_measured_once() -> None:
    await hold(measured(GOOD), BOUNDS)


@pytest.mark.parametrize("noise", [SLOW, THIN])
async def test_what_was_beyond_once_is_forgiven(noise: Figures) -> None:
    await hold(measured(noise, GOOD), BOUNDS)


async def test_another_figure_the_second_time_is_noise_too() -> None:
    await hold(measured(SLOW, THIN), BOUNDS)


@pytest.mark.parametrize(("figures", "name"), [(SLOW, "ratio"), (THIN, "flow")])
async def test_what_is_beyond_twice_is_broken_and_said(figures: Figures, name: str) -> None:
    with pytest.raises(AssertionError, match=f"^{name}: ") as told:
        await hold(measured(figures, figures), BOUNDS)
    assert str(BOUNDS[name]) in str(told.value)


async def test_a_bound_on_what_is_not_measured_is_a_mistake() -> None:
    with pytest.raises(KeyError):
        await hold(measured({"flow": 900}), BOUNDS)
