"""The priority matrix of ITIL (impact by urgency), and how often updates are promised."""

from __future__ import annotations

from datetime import timedelta

import pytest

from bot.core.severity import Level, Severity, cadence, priority

H, M, L = Level.HIGH, Level.MEDIUM, Level.LOW
TABLE = [
    (H, H, 1), (H, M, 2), (M, H, 2), (H, L, 3), (M, M, 3), (L, H, 3), (M, L, 4), (L, M, 4), (L, L, 5),
]  # fmt: skip


@pytest.mark.parametrize(("impact", "urgency", "expected"), TABLE)
def test_the_matrix(impact: Level, urgency: Level, expected: int) -> None:
    assert priority(impact, urgency) == Severity(expected)


@pytest.mark.parametrize(
    ("severity", "age_minutes", "minutes"),
    [(1, 0, 20), (1, 119, 20), (1, 120, 30), (2, 0, 60), (3, 0, 24 * 60)],
)
def test_the_cadence(severity: int, age_minutes: int, minutes: int) -> None:
    every = cadence(Severity(severity), timedelta(minutes=age_minutes))
    assert every == timedelta(minutes=minutes)


@pytest.mark.parametrize("severity", [None, Severity.SEV4, Severity.SEV5])
def test_lower_severities_promise_nothing(severity: Severity | None) -> None:
    assert cadence(severity, timedelta(0)) is None
