"""Parsing, permission and completion: a command each, with 5,000 services and 10,000 people."""

from __future__ import annotations

import asyncio
import statistics
import sys
from collections.abc import Callable
from datetime import UTC, datetime
from pathlib import Path
from time import process_time

sys.path.insert(0, str(Path(__file__).resolve().parents[1]))

from bot.core.chat.vocabulary import Group
from bot.core.incident import IncidentId
from bot.core.organisation import Organisation
from bot.core.people import Actor, Person, PersonId, Service, ServiceId
from bot.core.permissions import Action, Standpoint, may
from bot.language.completion import complete
from bot.language.outcomes import Parsed
from bot.language.reading.grammar import parse
from bot.language.reading.lexicon import OrgLexicon, Words
from bot.language.table import all_commands

SERVICES, PEOPLE = 5_000, 10_000
SENTENCES = (
    "declare checkout is down sev1 #service-4999 @person-9999", "declare it is down #nope",
    'update monitoring "Errors are back to normal" next 20m', 'note "CPU went up" at 14:32', "search is down",
    "page person:person-77", "checkout is down", "sev 2", "decalre checkout is down",
)  # fmt: skip
PREFIXES = (
    "de",
    "declare x #service-4",
    "lead @person-9",
    "page service:ser",
    "page p",
    "update m",
)


def organisation() -> Organisation:
    people = [Person(PersonId(f"person-{n}"), f"Person {n}") for n in range(PEOPLE)]
    services = [Service(ServiceId(f"service-{n}")) for n in range(SERVICES)]
    return Organisation(
        "Large", people={p.id: p for p in people}, services={s.id: s for s in services}
    )


def timed(work: Callable[[], object], rounds: int) -> float:
    """The median of ``rounds``, in milliseconds of the processor."""
    found = []
    for _ in range(rounds):
        began = process_time()
        work()
        found.append((process_time() - began) * 1000)
    return statistics.median(found)


async def main(rounds: int = 200) -> dict[str, float]:
    known = OrgLexicon(
        Words().of(organisation()), lambda _: None, IncidentId(7), datetime(2026, 3, 3, 14, 40, tzinfo=UTC), UTC
    )  # fmt: skip
    table, actor = all_commands(), Actor(PersonId("person-1"), "Person 1", "console")

    def read(text: str) -> None:
        outcome = parse(text, Group.INCIDENT, table, known)
        if isinstance(outcome, Parsed):
            may(actor, Action.STATUS, Standpoint(joined=True))

    parsing = {text: timed(lambda t=text: read(t), rounds) for text in SENTENCES}  # type: ignore[misc]
    completing = {
        text: timed(lambda t=text: complete(t, len(t), Group.INCIDENT, table, known), rounds)  # type: ignore[misc]
        for text in PREFIXES
    }
    for text, spent in (*parsing.items(), *completing.items()):
        print(f"{spent:8.3f} ms  {text}")
    found = {"parsing": max(parsing.values()), "completing": max(completing.values())}
    print(f"slowest sentence {found['parsing']:.3f} ms, completion {found['completing']:.3f} ms")
    return found


if __name__ == "__main__":
    asyncio.run(main())
