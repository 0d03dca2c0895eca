"""What the workspace can be told to do wrong, for each method before or after its write."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from dataclasses import dataclass, field
from enum import StrEnum
from random import Random


class Wrong(StrEnum):
    """RESET cuts the connection; HANG keeps it and says nothing; STRANGE answers with no JSON."""

    LIMITED = "429"
    ERROR = "500"
    STRANGE = "strange"
    RESET = "reset"
    HANG = "hang"
    REFUSED = "refused"


class Moment(StrEnum):
    """AFTER: the write was done and its answer is lost."""

    BEFORE = "before"
    AFTER = "after"


@dataclass(frozen=True)
class Fault:
    """``code`` is what REFUSED answers; ``seconds`` what LIMITED asks for and how long HANG holds."""

    wrong: Wrong
    moment: Moment = Moment.BEFORE
    code: str = "internal_error"
    seconds: float = 1.0


LOST = Fault(Wrong.RESET, Moment.AFTER)
RESET = Fault(Wrong.RESET)
ERROR = Fault(Wrong.ERROR)
ERROR_AFTER = Fault(Wrong.ERROR, Moment.AFTER)
LIMITED = Fault(Wrong.LIMITED)
HANG = Fault(Wrong.HANG)
HANG_AFTER = Fault(Wrong.HANG, Moment.AFTER)
ALL = (LOST, RESET, ERROR, ERROR_AFTER, LIMITED, HANG, HANG_AFTER)


def _answered(method: str) -> bool:
    return False


@dataclass
class Faults:
    """``at`` arms the next calls of one method; ``sometimes`` makes any call fail by chance, seeded.

    ``latency`` holds seconds by method, ``*`` for all the others. ``happened`` lists what was done.
    ``witness`` is told of each call that was carried out, and says whether its answer is withheld.
    """

    latency: dict[str, float] = field(default_factory=dict)
    happened: list[tuple[str, Fault]] = field(default_factory=list)
    gone: bool = False
    witness: Callable[[str], bool] = _answered
    _armed: dict[str, list[Fault | None]] = field(default_factory=dict)
    _chance: Random = field(default_factory=lambda: Random(1))
    _share: float = 0.0
    _choice: tuple[Fault, ...] = ()
    _methods: frozenset[str] = frozenset()
    _left: int = 0

    def at(self, method: str, *faults: Fault, skip: int = 0) -> None:
        """The next ``len(faults)`` calls of ``method`` fail so, after ``skip`` that do not."""
        self._armed.setdefault(method, []).extend([*[None] * skip, *faults])

    def sometimes(
        self,
        seed: int,
        share: float,
        choice: Iterable[Fault] = ALL,
        methods: Iterable[str] = (),
        at_most: int = 1_000_000,
    ) -> None:
        """That share of all calls (of ``methods``, when some are named) fails, until ``never``."""
        self._chance, self._share = Random(seed), share
        self._choice, self._methods = tuple(choice), frozenset(methods)
        self._left = at_most

    def never(self) -> None:
        self._armed.clear()
        self._share = 0.0

    def pick(self, method: str) -> Fault | None:
        """What goes wrong with this call."""
        armed = self._armed.get(method)
        found = armed.pop(0) if armed else self._by_chance(method)
        if found is not None:
            self.happened.append((method, found))
        return found

    def _by_chance(self, method: str) -> Fault | None:
        if not self._share or not self._left or (self._methods and method not in self._methods):
            return None
        if self._chance.random() >= self._share:
            return None
        self._left -= 1
        return self._chance.choice(self._choice)

    def delay(self, method: str) -> float:
        return self.latency.get(method, self.latency.get("*", 0.0))
