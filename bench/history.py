"""Whether history slows anything: the same commands on an empty database and on a large one, in one run.

    .venv/bin/python -m bench.history [--quick]

50,000 incidents with 20 timeline entries each (1,000,000) are written; then declare, list, card and the
status page are timed on both, in turn. A list of incidents is compared with the same page, as many rows of
the same shape, of a database of 400 incidents: a page of one row beside a page of 50 would say nothing of history.
"""

from __future__ import annotations

import asyncio
import sys
import time
from collections.abc import Awaitable, Callable, Collection
from contextlib import AsyncExitStack
from datetime import UTC, datetime
from statistics import median

from sqlalchemy import insert

from bench._measure import beside, memory
from bot.core.chat.vocabulary import Invocation, Reply, Speaker
from bot.core.incident import Filter, IncidentId
from bot.core.people import SYSTEM, PersonId, Viewer
from bot.core.ports.unit_of_work import UnitOfWork
from bot.incident_pages.reads import PAGE, full_incident, page_of
from bot.incidents.cards import room_card
from bot.incidents.facts import facts_of
from bot.language.dispatch import Dispatcher
from bot.language.table import all_commands
from bot.org import sample_org
from bot.statuspage.service import current
from bot.wiring.packages import LISTENERS
from storage import tables
from storage.database.sqlite import SqliteMemory
from storage.sql.types import ticks

LONG_AGO = datetime(2025, 1, 1, tzinfo=UTC)
ENTRIES = 20
_CHUNK = 1000


def _fill(first: int, count: int) -> Callable[[UnitOfWork], None]:
    """Closed incidents of the past, and their timelines."""

    def work(uow: UnitOfWork) -> None:
        connection = uow._c  # noqa: SLF001 - writes rows by the thousand
        numbers = range(first, first + count)
        connection.execute(insert(tables.incidents), [_incident(n) for n in numbers])
        served = [{"incident": n, "service": "checkout"} for n in numbers]
        connection.execute(insert(tables.incident_services), served)
        rows = [_entry(n, k) for n in numbers for k in range(ENTRIES)]
        connection.execute(insert(tables.timeline), rows)

    return work


def _incident(number: int) -> dict[str, object]:
    return {
        "id": number,
        "title": f"something broke {number}",
        "reporter": "bo",
        "declared_at": LONG_AGO,
        "status": "closed",
        "severity": number % 5 + 1,
        "major": "",
        "summary": "",
        "impact": "",
        "services": ["checkout"],
        "mode": "standard",
        "visibility": "public",
        "roles": {},
        "times": {"investigating": ticks(LONG_AGO)},
        "pause_reason": "",
        "call_url": "",
        "revision": 0,
    }


def _entry(number: int, which: int) -> dict[str, object]:
    return {
        "incident": number,
        "kind": "note",
        "happened_at": LONG_AGO,
        "recorded_at": LONG_AGO,
        "author": "bo",
        "platform": "console",
        "text": f"note {which}",
        "data": {},
        "source": "",
        "url": "",
    }


Timed = Callable[[SqliteMemory, Dispatcher, int], Awaitable[object]]


async def _say(dispatcher: Dispatcher, text: str, number: int) -> None:
    async def later(_: Reply) -> None:
        return None

    call = Invocation("console", f"h{text[:4]}{number}", Speaker("bo", "Bo"), text)
    await dispatcher.handle(call, later)


async def _card(store: SqliteMemory, dispatcher: Dispatcher, n: int) -> object:
    def read(uow: UnitOfWork) -> object:
        return room_card(facts_of(uow, uow.incidents.get(IncidentId(1), SYSTEM)))

    return await store.read(read)


async def _listed(store: SqliteMemory, wanted: Filter) -> object:
    return await store.read(lambda uow: page_of(uow, wanted, _BO))


_BO = Viewer(PersonId("bo"))

WORK: dict[str, Timed] = {
    "declare": lambda store, dispatcher, n: _say(dispatcher, "declare checkout is down sev1", n),
    "list": lambda store, dispatcher, n: _say(dispatcher, "list --all", n),
    "card": _card,
    "status page": lambda store, dispatcher, n: store.read(current),
    "incident pages: all": lambda store, dispatcher, n: _listed(store, Filter(limit=PAGE)),
    "incident pages: open": lambda store, dispatcher, n: _listed(
        store, Filter(open_only=True, limit=PAGE)
    ),
    "incident pages: by severity": lambda store, dispatcher, n: _listed(
        store, Filter(severity=2, limit=PAGE)
    ),
    "incident pages: by service": lambda store, dispatcher, n: _listed(
        store, Filter(service="checkout", limit=PAGE)
    ),
    "incident pages: an incident": lambda store, dispatcher, n: store.read(
        lambda u: full_incident(u, IncidentId(1), _BO)
    ),
    "incident pages: the oldest page": lambda store, dispatcher, n: _listed(
        store, Filter(before=IncidentId(PAGE + 1), limit=PAGE)
    ),
    # Of these there is none, so that every incident is looked at: what they cost is printed, in milliseconds.
    "incident pages: a word that is nowhere": lambda store, dispatcher, n: _listed(
        store, Filter(words="zanzibar", limit=PAGE)
    ),
    "incident pages: a severity that none has": lambda store, dispatcher, n: _listed(
        store, Filter(severity=9, limit=PAGE)
    ),
}
# Incidents of the database that lists of incidents are compared with.
FEW = 400
# Rounds that are not counted: a statement is compiled, a page comes into the cache.
_WARM = 2


async def main(incidents: int, rounds: int, twice: Collection[str] = ()) -> dict[str, float]:
    """Prints medians and ratios; returns the ratios. What ``twice`` names is done twice on the large database, to
    see that its gate would notice."""
    org = sample_org()
    async with AsyncExitStack() as stack:
        stores = [await stack.enter_async_context(memory(org)) for _ in range(3)]
        for store, count in zip(stores, (1, FEW, incidents), strict=True):
            for first in range(1, count + 1, _CHUNK):
                await store.write(_fill(first, min(_CHUNK, count - first + 1)))
        dispatchers = [
            Dispatcher(s, s._clock, all_commands(), "http://x", LISTENERS)  # noqa: SLF001
            for s in stores
        ]
        print(f"{incidents:,} incidents, {incidents * ENTRIES:,} timeline entries")
        for n in range(rounds):  # so that as many are open on each
            await WORK["declare"](stores[1], dispatchers[1], n)
        found = {}
        for name in WORK:
            pair = (1, 2) if name.startswith("incident pages") else (0, 2)
            sides = [(stores[which], dispatchers[which]) for which in pair]
            found[name] = await _ratio(name, sides, rounds, 2 if name in twice else 1)
        return found


async def _ratio(
    name: str, sides: list[tuple[SqliteMemory, Dispatcher]], rounds: int, burden: int
) -> float:
    """In turn, and in turn the first of the two; the large side does its work ``burden`` times."""
    samples: list[list[float]] = [[], []]
    for n in range(rounds):
        for which in (0, 1) if n % 2 else (1, 0):
            store, dispatcher = sides[which]
            began = time.perf_counter()
            for again in range(burden if which else 1):
                await WORK[name](store, dispatcher, n + again * rounds)
            samples[which].append(time.perf_counter() - began)
    small, full = (found[_WARM:] for found in samples)
    ratio = beside(full, small)
    print(
        f"{name}: small {median(small) * 1000:.2f} ms, full {median(full) * 1000:.2f} ms, "
        f"{ratio:.2f} times (median of {len(small)} pairs)"
    )
    return ratio


if __name__ == "__main__":
    quick = "--quick" in sys.argv
    asyncio.run(main(2_000 if quick else 50_000, 60))
