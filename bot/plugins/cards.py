"""What plug-ins show on incidents' cards: kept in one row an incident, and forgotten with the incident's words.

The row has a mark, too: the act that forgot last. Whoever read the incident before that act must not show what it read.
"""

from __future__ import annotations

import json
from collections.abc import Sequence
from datetime import timedelta
from typing import Any

from bot.core.bus import Package, on
from bot.core.chat.card import Block, Card
from bot.core.chat.codec import card_from, card_json
from bot.core.events.base import IncidentEvent
from bot.core.incident import Incident, IncidentId
from bot.core.people import SYSTEM
from bot.core.ports.unit_of_work import UnitOfWork
from bot.core.slots import CARD, Filler
from bot.incidents.events import EntryRedacted, VisibilityChanged, WordsForgotten
from bot.messages.withdrawal import withdraw_message

# How long a plug-in's blocks stay on a card.
KEPT = timedelta(days=400)


def package(names: Sequence[str]) -> Package:
    """What the bus has of plug-ins' cards, ``names`` being those that have one. Without any, what an earlier start
    kept is still forgotten when it must be."""

    def kept(uow: UnitOfWork, incident: Incident, viewer: object) -> Sequence[Block]:
        found = _row(uow, incident.id)["cards"]
        shown = [found[name] for name in names if name in found]
        return [block for text in shown for block in card_from(text).blocks]

    def forget(uow: UnitOfWork, event: IncidentEvent) -> None:
        """What a plug-in showed of it may hold what was erased, or what others may not read any more."""
        number = event.incident.id
        if names or uow.key_values.get(_key(number)) is not None:
            uow.incidents.lock(number, SYSTEM)
            _put(uow, number, {"mark": uow.act, "cards": {}})

    def withdraw(uow: UnitOfWork, event: EntryRedacted) -> None:
        """What plug-ins said may hold the text in words of their own, which no search finds."""
        number = event.incident.id
        for known in uow.rooms.messages(number):
            if ":plugin:" in known.key:
                withdraw_message(uow, number, known.ref.platform, known.key)

    heard = on(EntryRedacted, WordsForgotten, VisibilityChanged, run=forget)
    said = on(EntryRedacted, run=withdraw)
    return Package("plugins", (heard, said), fillers=(Filler(CARD, kept),) if names else ())


def mark(uow: UnitOfWork, number: IncidentId) -> str:
    """The act that forgot last; empty for none."""
    return str(_row(uow, number)["mark"])


def put(uow: UnitOfWork, name: str, number: IncidentId, blocks: tuple[Block, ...]) -> bool:
    """Whether this is something else than before. The caller holds the incident's row."""
    row, text = _row(uow, number), card_json(Card("", blocks)) if blocks else ""
    if row["cards"].get(name, "") == text:
        return False
    cards = {**row["cards"], name: text}
    _put(uow, number, {**row, "cards": {key: kept for key, kept in cards.items() if kept}})
    return True


def _key(number: IncidentId) -> str:
    return f"plugins:cards:{number}"


def _row(uow: UnitOfWork, number: IncidentId) -> dict[str, Any]:
    text = uow.key_values.get(_key(number))
    found: dict[str, Any] = json.loads(text) if text else {"mark": "", "cards": {}}
    return found


def _put(uow: UnitOfWork, number: IncidentId, row: dict[str, Any]) -> None:
    uow.key_values.put(_key(number), json.dumps(row, ensure_ascii=False), uow.now + KEPT)
