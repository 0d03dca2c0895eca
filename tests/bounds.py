"""What the gates hold a benchmark's figures to, and when one counts as broken.

A machine that is busy with something else spoils a measurement now and then; a real slowing spoils every one. So
a bound is broken when two measurements in a row are beyond it.
"""

from __future__ import annotations

from collections.abc import Awaitable, Callable, Mapping
from dataclasses import dataclass

Figures = Mapping[str, float]


@dataclass(frozen=True, slots=True)
class Bound:
    """``least``: the figure must not be below ``limit``; otherwise not above it."""

    limit: float
    least: bool = False

    def broken_by(self, figure: float) -> bool:
        return figure < self.limit if self.least else figure > self.limit

    def __str__(self) -> str:
        return f"{'at least' if self.least else 'at most'} {self.limit:g}"


def at_most(limit: float) -> Bound:
    return Bound(limit)


def at_least(limit: float) -> Bound:
    return Bound(limit, least=True)


async def hold(measure: Callable[[], Awaitable[Figures]], bounds: Mapping[str, Bound]) -> None:
    """Raises ``AssertionError`` that names each figure which was beyond its bound twice. Every bound needs a figure of its
    name; figures without a bound are free."""
    first = await measure()
    beyond = _beyond(first, bounds)
    if not beyond:
        return
    print(f"beyond its bound, so measured again: {', '.join(sorted(beyond))}")
    again = await measure()
    broken = [
        f"{name}: {first[name]:.3g}, then {again[name]:.3g}, and it must be {bounds[name]}"
        for name in sorted(beyond & _beyond(again, bounds))
    ]
    assert not broken, "\n".join(broken)


def _beyond(found: Figures, bounds: Mapping[str, Bound]) -> set[str]:
    return {name for name, bound in bounds.items() if bound.broken_by(found[name])}
