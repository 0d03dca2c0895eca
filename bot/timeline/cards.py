"""Timeline entries as sentences, for cards and for the incident's page."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence

from bot.core.chat.card import Block, Bullets, Card, Line, Plain, Strong, Text, When, line, plain
from bot.core.people import PersonId
from bot.core.timeline import MAJOR_STORED, Entry, EntryId, Kind, role_given

Names = Mapping[PersonId, str]


def timeline_card(
    title: str,
    entries: Sequence[Entry],
    names: Names,
    more: int = 0,
    numbers: Mapping[EntryId, int] | None = None,
) -> Card:
    """The last entries, oldest first; ``more`` is how many were left out, ``numbers`` what they are
    called by."""
    rows = tuple(_row(entry, names, (numbers or {}).get(entry.id)) for entry in entries)
    blocks: list[Block] = [Bullets(rows)] if rows else [Text(plain("Nothing yet."))]
    if more:
        blocks.insert(0, Text(plain(f"… {more} earlier entries")))
    return Card(title, tuple(blocks))


def _row(entry: Entry, names: Names, number: int | None) -> Line:
    said = (Strong(author(entry, names)), " ", sentence(entry, names))
    numbered = () if number is None else (f"{number} · ",)
    return line(*numbered, When(entry.happened_at), " ", *said)


def author(entry: Entry, names: Names) -> str:
    return names.get(entry.author, entry.author) if entry.author else "Tocsin"


def sentence(entry: Entry, names: Names) -> str:
    """What the entry says, without its author and time: "set severity from SEV2 to SEV1"."""
    return _SAYS.get(entry.kind, _plainly)(entry, names)


def _plainly(entry: Entry, names: Names) -> str:
    return f"{entry.kind.value.replace('_', ' ')} {entry.text}".rstrip()


def _name(entry: Entry, names: Names, key: str = "person") -> str:
    who = PersonId(entry.data.get(key, ""))
    return names.get(who, who) or "nobody"


def _changed(what: str) -> Callable[[Entry, Names], str]:
    def says(entry: Entry, names: Names) -> str:
        old, new = entry.data.get("from", ""), entry.data.get("to", "")
        why = f": {entry.text}" if entry.text else ""
        return f"set {what} from {old} to {new}{why}" if old else f"set {what} to {new}{why}"

    return says


def _role(entry: Entry, names: Names) -> str:
    person = _name(entry, names) if entry.data.get("person") else ""
    return role_given(entry, person, _name(entry, names, "from"))


def _number(entry: Entry) -> str:
    return entry.data.get("number", "?")


def _owned(entry: Entry, names: Names) -> str:
    return f" for {_name(entry, names, 'owner')}" if entry.data.get("owner") else ""


def _written_up(entry: Entry, names: Names) -> str:
    why = f": {entry.text}" if entry.text else ""
    said = "postmortem done" if entry.data.get("to") == "done" else "no postmortem needed"
    return f"{said}{why}"


def _made_major(entry: Entry, names: Names) -> str:
    return "made it major" if entry.data.get("to") == MAJOR_STORED[True] else "made it not major"


_SAYS: Mapping[Kind, Callable[[Entry, Names], str]] = {
    Kind.DECLARED: lambda e, n: f"declared: {e.text}",
    Kind.STATUS: _changed("status"),
    Kind.SEVERITY: _changed("severity"),
    Kind.TITLE: lambda e, n: f"renamed it: {e.text}",
    Kind.SUMMARY: lambda e, n: f"summary: {e.text}",
    Kind.IMPACT: lambda e, n: f"impact: {e.text}",
    Kind.SERVICES: lambda e, n: f"named services: {e.text}",
    Kind.ROLE: _role,
    Kind.JOINED: lambda e, n: "joined",
    Kind.LEFT: lambda e, n: "left",
    Kind.INVITED: lambda e, n: f"invited {e.data.get('people', '')}",
    Kind.UPDATE: lambda e, n: f"update: {e.text}",
    Kind.NOTE: lambda e, n: e.text,
    Kind.DECISION: lambda e, n: f"decided: {e.text}",
    Kind.MESSAGE: lambda e, n: f"“{e.text}”",
    Kind.TASK: lambda e, n: f"added task {_number(e)}{_owned(e, n)}: {e.text}",
    Kind.TASK_DONE: lambda e, n: f"finished task {_number(e)}: {e.text}",
    Kind.FOLLOWUP: lambda e, n: f"added follow-up {_number(e)}{_owned(e, n)}: {e.text}",
    Kind.PAGED: lambda e, n: f"paged {_name(e, n)}",
    Kind.ACKNOWLEDGED: lambda e, n: "acknowledged the page",
    Kind.ESCALATED: lambda e, n: f"escalated: {e.text}",
    Kind.UNREACHED: lambda e, n: f"nobody acknowledged. {e.text}",
    Kind.ROOM: lambda e, n: f"opened #{e.text} on {e.data.get('platform', '')}",
    Kind.TROUBLE: lambda e, n: e.text,
    Kind.PUBLISHED: lambda e, n: f"published: {e.text}",
    Kind.CONFIRMED: lambda e, n: "confirmed that it is fixed",
    Kind.POSTMORTEM: _written_up,
    Kind.TIME: lambda e, n: f"corrected when it was {e.data.get('status', '')}",
    Kind.LINK: lambda e, n: f"linked {e.text} {e.url}".replace("  ", " "),
    Kind.MERGED: lambda e, n: f"merged {e.text} into this",
    Kind.PAUSED: lambda e, n: f"paused: {e.text}" if e.text else "paused",
    Kind.RESUMED: lambda e, n: "resumed",
    Kind.MAJOR: _made_major,
    Kind.VISIBILITY: lambda e, n: f"made it {e.data.get('to', '')}",
    Kind.DEBRIEF: lambda e, n: "set the debrief",
}


def plain_line(entry: Entry, names: Names) -> Line:
    return (Plain(sentence(entry, names)),)
