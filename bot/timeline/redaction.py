"""Redaction: an admin erases a text everywhere it went, and is told where it could not be erased."""

from __future__ import annotations

import json
from dataclasses import dataclass, replace

from bot.core.errors import NotFound
from bot.core.incident import Incident, IncidentId
from bot.core.people import SYSTEM, Actor
from bot.core.permissions import Action, may
from bot.core.ports.unit_of_work import UnitOfWork
from bot.core.timeline import Entry, Kind
from bot.incidents.events import EntryRedacted
from bot.incidents.recording.amending import entered
from bot.incidents.recording.snapshots import UNDO
from bot.messages.keys import message_key, whisper_key
from bot.messages.withdrawal import withdraw_message

MARK = "[redacted]"
_FIELDS = ("title", "summary", "impact", "pause_reason")


@dataclass(frozen=True, slots=True)
class Redacted:
    """Where the text was erased, and where it could not be, each in words."""

    erased: tuple[str, ...]
    left: tuple[str, ...]


def redact(uow: UnitOfWork, actor: Actor, number: IncidentId, ordinal: int, reply: str) -> Redacted:
    """Erase the text of the entry that the timeline numbers ``ordinal``. ``reply`` stands in for kept
    replies that held it. Raises ``NotFound`` for a number that the timeline does not have."""
    admins = tuple(p.name for p in uow.org.people.values() if p.standing == "admin")
    may(actor, Action.REDACT, admins=admins)
    incident = uow.incidents.lock(number, actor.viewer)
    entries = uow.timeline.of(number, actor.viewer)
    if not 0 < ordinal <= len(entries):
        raise NotFound(f"The timeline has no entry {ordinal}. /incident timeline numbers them.")
    target = entries[ordinal - 1]
    words = _texts(entries, target)
    uow.redaction.entries(number, [e.id for e in _same(entries, target, words)])
    about = {"entry": str(ordinal)}
    entered(uow, number, actor, Kind.REDACTED, MARK, about, supersedes=target.id)
    erased = ["timeline", *_fields(uow, incident, words)]
    erased += _told(uow, number, words, erased)
    for said in sorted(words):
        erased += uow.redaction.replace_everywhere(number, said, MARK, reply)
    left = _messages(uow, number, target, words, erased)
    titled = "title" in erased
    now = uow.incidents.get(number, SYSTEM)
    uow.happened(EntryRedacted(uow.now, actor, now, ordinal, target.id, titled))
    return Redacted(tuple(dict.fromkeys(erased)), left)


def _texts(entries: list[Entry], target: Entry) -> set[str]:
    """The entry's text, and what it was edited to."""
    edits = [e.text for e in entries if e.supersedes == target.id and e.kind is Kind.EDITED]
    return {said for said in (target.text, *edits) if said}


def _same(entries: list[Entry], target: Entry, words: set[str]) -> list[Entry]:
    """The entry, its edits, and others that say the same or remember it."""
    return [
        e
        for e in entries
        if target.id in (e.id, e.supersedes) or e.text in words or _remembers(e, words)
    ]


def _remembers(entry: Entry, words: set[str]) -> bool:
    """Whether its data has one of the texts: as a value, or in the fields that undo would restore."""
    if words & set(entry.data.values()):
        return True
    return any(json.dumps(said, ensure_ascii=False) in entry.data.get(UNDO, "") for said in words)


def _fields(uow: UnitOfWork, incident: Incident, words: set[str]) -> list[str]:
    found = [name for name in _FIELDS if getattr(incident, name) in words]
    if found:
        texts = {name: MARK if name in found else getattr(incident, name) for name in _FIELDS}
        uow.incidents.save(
            replace(
                incident,
                title=texts["title"],
                summary=texts["summary"],
                impact=texts["impact"],
                pause_reason=texts["pause_reason"],
            ),
        )
    return [name.replace("_", " ") for name in found]


def _told(uow: UnitOfWork, number: IncidentId, words: set[str], erased: list[str]) -> list[str]:
    """Have what was told on other platforms withdrawn: direct messages, and what the bot said in rooms."""
    keys = set()
    for said in words:
        for job, task, platform, what in uow.redaction.jobs_that_told(number, said):
            whispered = task == "whisper"
            keys.add(
                whisper_key(number, platform, job)
                if whispered
                else message_key(number, platform, what)
            )
    found = [
        known
        for known in uow.rooms.messages(number)
        if known.ref.platform != "console"
        and (known.key in keys or ("title" in erased and ":whisper" in known.key))
    ]
    for known in found:
        withdraw_message(uow, number, known.ref.platform, known.key)
    return ["messages of the bot"] if found else []


def _messages(
    uow: UnitOfWork, number: IncidentId, target: Entry, words: set[str], erased: list[str]
) -> tuple[str, ...]:
    """Erase the console's messages; returns what stands elsewhere and is for people to delete."""
    if sum(uow.redaction.bot_messages(said, MARK) for said in words):
        erased.append("messages of the bot in the console")
    left = []
    platform, _, where = target.source.partition(":")
    if platform == "console":
        message = uow.console.message(where.rpartition(":")[2])
        uow.files.forget(file.id for file in message.files)
        uow.console.change(replace(message, text=MARK, files=()))
        erased.append("the message in the console" + (" and its files" if message.files else ""))
    elif platform:
        left.append(f"the message on {platform}: delete it there{_link(target)}")
    others = sorted({room.platform for room in uow.rooms.of(number)} - {"console"})
    left += [f"private replies already given on {name}" for name in others]
    if "title" in erased:
        left.append("the names of rooms")
    return (*left, "backups made before")


def _link(target: Entry) -> str:
    return f" ({target.url})" if target.url else ""
