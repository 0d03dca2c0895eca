"""The postmortem draft, made from the timeline by rules alone: same log, same draft.

Every sentence carries the entries that it was made of and says nothing else. What the log does not say
is a question, never an invention: causes, lessons and luck are for people.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta

from bot.core.people import PersonId
from bot.core.timeline import Entry, EntryId, Kind, fold, role_given

# An acknowledgement within this long of the page is worth a word.
QUICK = timedelta(minutes=5)


@dataclass(frozen=True, slots=True)
class Sentence:
    """``cites`` are the entries that it was made of, at least one. ``at`` places it in time."""

    text: str
    cites: tuple[EntryId, ...]
    at: datetime | None = None


@dataclass(frozen=True, slots=True)
class Placeholder:
    """What the log does not say, as a question to people."""

    question: str


Item = Sentence | Placeholder


@dataclass(frozen=True, slots=True)
class Section:
    title: str
    items: tuple[Item, ...]


@dataclass(frozen=True, slots=True)
class Postmortem:
    """``score`` is 0 to 100: how much of what reviewers ask for is there; ``missing`` names the rest."""

    reference: str
    title: str
    sections: tuple[Section, ...]
    score: int
    missing: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Log:
    """The folded timeline by kind, and names of people by id."""

    entries: Sequence[Entry]
    names: Mapping[PersonId, str]

    def of(self, *kinds: Kind) -> list[Entry]:
        return [entry for entry in self.entries if entry.kind in kinds]

    def last(self, *kinds: Kind) -> Entry | None:
        found = self.of(*kinds)
        return found[-1] if found else None

    def who(self, person: str | None) -> str:
        return self.names.get(PersonId(person), person) if person else "Tocsin"

    def entered(self, status: str) -> Entry | None:
        """The first entry into a status."""
        moves = [e for e in self.of(Kind.STATUS, Kind.UPDATE) if e.data.get("to") == status]
        return moves[0] if moves else None


def draft(reference: str, entries: Iterable[Entry], names: Mapping[PersonId, str]) -> Postmortem:
    """Pure and deterministic. ``entries`` may be unfolded; their order does not matter."""
    log = Log(fold(entries), names)
    sections = tuple(Section(title, tuple(make(log))) for title, make in SECTIONS)
    missing = tuple(what for what, present in _asked(log) if not present)
    asked = len(_asked(log))
    score = round(100 * (asked - len(missing)) / asked)
    declared, renamed = log.last(Kind.DECLARED), log.last(Kind.TITLE)
    title = renamed or declared
    return Postmortem(reference, title.text if title else "", sections, score, missing)


# --- the sections ------------------------------------------------------------------------------


def _summary(log: Log) -> Iterable[Item]:
    declared = log.last(Kind.DECLARED)
    if declared is not None:
        told = f"{log.who(declared.author)} declared: {declared.text}"
        yield Sentence(told, (declared.id,), declared.happened_at)
    yield from _or_ask(log, Kind.SUMMARY, "What happened, in two sentences?")


def _or_ask(log: Log, kind: Kind, question: str) -> Iterable[Item]:
    found = log.last(kind)
    yield Sentence(found.text, (found.id,)) if found else Placeholder(question)


def _impact(log: Log) -> Iterable[Item]:
    yield from _or_ask(log, Kind.IMPACT, "Who was affected, and how many?")
    declared, resolved = log.last(Kind.DECLARED), log.entered("resolved")
    if declared is not None and resolved is not None:
        length = spelled(resolved.happened_at - declared.happened_at)
        yield Sentence(f"It lasted {length}.", (declared.id, resolved.id))
    for change in log.of(Kind.SEVERITY):
        before = f" from {change.data['from']}" if change.data.get("from") else ""
        yield Sentence(f"Severity was set{before} to {change.data.get('to', '')}.", (change.id,))
    updates = log.of(Kind.UPDATE)
    if updates:
        count = "One update was" if len(updates) == 1 else f"{len(updates)} updates were"
        yield Sentence(f"{count} sent.", tuple(e.id for e in updates))
    yield Placeholder("What did it cost: requests failed, orders lost, money?")


def _times(log: Log) -> Iterable[Item]:
    yield Placeholder("When did it start? (Often before it was noticed.)")
    declared = log.last(Kind.DECLARED)
    if declared is not None:
        yield Sentence("Detected", (declared.id,), declared.happened_at)
    for name, status in (("Mitigated", "monitoring"), ("Resolved", "resolved")):
        found = log.entered(status)
        if found is None:
            yield Placeholder(f"When was it {name.lower()}?")
        elif declared is None:
            yield Sentence(name, (found.id,), found.happened_at)
        else:
            after = spelled(found.happened_at - declared.happened_at)
            yield Sentence(f"{name}, {after} after", (declared.id, found.id), found.happened_at)


def _curated(log: Log) -> Iterable[Item]:
    for entry in log.entries:
        says = _SAYS.get(entry.kind)
        if says is not None:
            text = f"{log.who(entry.author)} {says(log, entry)}"
            yield Sentence(text, (entry.id,), entry.happened_at)


def _named(log: Log, entry: Entry) -> str:
    return log.who(entry.data.get("person"))


def _role(log: Log, entry: Entry) -> str:
    person = _named(log, entry) if entry.data.get("person") else ""
    return f"{role_given(entry, person, log.who(entry.data.get('from')))}."


def _change(what: str) -> Callable[[Log, Entry], str]:
    def says(log: Log, entry: Entry) -> str:
        old, new = entry.data.get("from"), entry.data.get("to", "")
        return f"set {what} from {old} to {new}." if old else f"set {what} to {new}."

    return says


_SAYS: Mapping[Kind, Callable[[Log, Entry], str]] = {
    Kind.DECLARED: lambda log, e: f"declared: {e.text}",
    Kind.STATUS: _change("the status"),
    Kind.SEVERITY: _change("the severity"),
    Kind.ROLE: _role,
    Kind.UPDATE: lambda log, e: f"updated: {e.text}",
    Kind.NOTE: lambda log, e: f"noted: {e.text}",
    Kind.DECISION: lambda log, e: f"decided: {e.text}",
    Kind.MESSAGE: lambda log, e: f"wrote: {e.text}",
    Kind.TASK_DONE: lambda log, e: f"finished: {e.text}",
    Kind.PAGED: lambda log, e: f"paged {_named(log, e)}.",
    Kind.ACKNOWLEDGED: lambda log, e: "acknowledged the page.",
    Kind.ESCALATED: lambda log, e: f"escalated: {e.text}",
    Kind.UNREACHED: lambda log, e: f"reached nobody. {e.text}",
    Kind.PUBLISHED: lambda log, e: f"told customers: {e.text}",
    Kind.CONFIRMED: lambda log, e: "confirmed that it is fixed.",
}

_CATEGORIES = ("Change", "Capacity", "Dependency", "Process", "Detection")


def _causes(log: Log) -> Iterable[Item]:
    yield Placeholder("Why did it happen?")
    for depth in range(2, 6):
        yield Placeholder(f"And why that? ({depth} of 5)")
    for category in _CATEGORIES:
        yield Placeholder(f"{category}: did it contribute?")


def _well(log: Log) -> Iterable[Item]:
    for paged, answered in _answered(log):
        wait = answered.happened_at - paged.happened_at
        if wait <= QUICK:
            text = f"{log.who(answered.author)} acknowledged the page within {spelled(wait)}."
            yield Sentence(text, (paged.id, answered.id))
    yield Placeholder("What went well?")


def _answered(log: Log) -> Iterable[tuple[Entry, Entry]]:
    """Each acknowledged page: its first call, and the acknowledgement."""
    for answered in log.of(Kind.ACKNOWLEDGED):
        page = answered.data.get("page")
        calls = [e for e in log.of(Kind.PAGED) if e.data.get("page") == page]
        if calls:
            yield calls[0], answered


def _badly(log: Log) -> Iterable[Item]:
    for paged, answered in _answered(log):
        wait = answered.happened_at - paged.happened_at
        if wait > QUICK:
            yield Sentence(
                f"The page was acknowledged only after {spelled(wait)}.", (paged.id, answered.id)
            )
    for entry in log.of(Kind.UNREACHED):
        yield Sentence("A page went through its whole policy unanswered.", (entry.id,))
    for entry in log.of(Kind.TROUBLE):
        yield Sentence(entry.text, (entry.id,))
    yield Placeholder("What went badly?")


def _luck(log: Log) -> Iterable[Item]:
    yield Placeholder("Where were we lucky?")


def _followups(log: Log) -> Iterable[Item]:
    found = log.of(Kind.FOLLOWUP)
    for entry in found:
        owner, due = entry.data.get("owner"), entry.data.get("due")
        who = f" — {log.who(owner)}" if owner else ""
        when = f", due {due[:10]}" if due else ""
        yield Sentence(f"{entry.text}{who}{when}", (entry.id,))
        if not owner:
            yield Placeholder(f"Who owns “{entry.text}”?")
        if not due:
            yield Placeholder(f"When is “{entry.text}” due?")
    if not found:
        yield Placeholder("What will keep it from happening again? Who owns it, and until when?")


SECTIONS: Sequence[tuple[str, Callable[[Log], Iterable[Item]]]] = (
    ("Summary", _summary),
    ("Impact", _impact),
    ("Times", _times),
    ("What happened", _curated),
    ("Contributing factors", _causes),
    ("What went well", _well),
    ("What went badly", _badly),
    ("Where we were lucky", _luck),
    ("Follow-ups", _followups),
)


def _asked(log: Log) -> list[tuple[str, bool]]:
    """What reviewers ask for, and whether the log has it."""
    followups = log.of(Kind.FOLLOWUP)
    return [
        ("a summary", bool(log.of(Kind.SUMMARY))),
        ("the impact in words", bool(log.of(Kind.IMPACT))),
        ("a severity", bool(log.of(Kind.SEVERITY)) or _said(log, "severity")),
        ("who led", bool(log.of(Kind.ROLE)) or _said(log, "lead")),
        ("when it was mitigated", log.entered("monitoring") is not None),
        ("when it was resolved", log.entered("resolved") is not None),
        ("a decision", bool(log.of(Kind.DECISION))),
        ("updates", bool(log.of(Kind.UPDATE))),
        ("a follow-up", bool(followups)),
        (
            "an owner and a due date for every follow-up",
            bool(followups) and all(e.data.get("owner") and e.data.get("due") for e in followups),
        ),
    ]


def _said(log: Log, what: str) -> bool:
    declared = log.last(Kind.DECLARED)
    return declared is not None and what in declared.data


def spelled(length: timedelta) -> str:
    """``2 d 3 h``, ``1 h 42 min``, ``3 min``, ``40 s``."""
    seconds = max(0, int(length.total_seconds()))
    days, hours, minutes = seconds // 86400, seconds // 3600 % 24, seconds // 60 % 60
    if days:
        return f"{days} d {hours} h"
    if hours:
        return f"{hours} h {minutes} min"
    return f"{minutes} min" if minutes else f"{seconds} s"
