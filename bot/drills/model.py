"""Drills: a scripted incident, and how far its players are. Pure."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass

from bot.core.timeline import Entry


@dataclass(frozen=True, slots=True)
class Step:
    """``hint`` tells people what to do ({paged} stands for who was paged); ``say`` does it by command ({incident}
    stands for the reference, {page} for the number of its page), said by whoever leads or, ``by_paged``,
    by somebody who was paged. It is done once the timeline has an entry of ``kind`` by a person, and of a change
    ``to`` that, if one is named.
    """

    hint: str
    say: str
    kind: str
    to: str = ""
    by_paged: bool = False


@dataclass(frozen=True, slots=True)
class Scenario:
    """``severity`` is as typed, such as sev2."""

    name: str
    title: str
    about: str
    severity: str
    steps: tuple[Step, ...]


def hint(words: str, paged: Sequence[str]) -> str:
    """A step's hint with the names of those who were paged, whoever is on call on that day."""
    return words.replace("{paged}", ", ".join(paged) or "whoever is on call")


def reached(scenario: Scenario, entries: Iterable[Entry]) -> int:
    """How many steps from the first on are done: the index of the one to do now."""
    done = list(entries)
    for at, step in enumerate(scenario.steps):
        if not any(_fits(step, entry) for entry in done):
            return at
    return len(scenario.steps)


def _fits(step: Step, entry: Entry) -> bool:
    named = not step.to or entry.data.get("to") == step.to
    return entry.kind.value == step.kind and entry.author is not None and named
