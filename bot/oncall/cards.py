"""On call as people see it: who, until when, who next; changes, requests, notices, test pages."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from zoneinfo import ZoneInfo

from bot.core.chat.card import (
    Block,
    Bullets,
    Button,
    Buttons,
    Card,
    Clock,
    Line,
    Mention,
    Plain,
    Span,
    Strong,
    Style,
    Tone,
    When,
    context,
    line,
    text,
)
from bot.core.people import PersonId
from bot.core.times.wallclock import reading
from bot.oncall.changes import Cover, Trial, TrialState
from bot.oncall.engine.coverage import Gap, Shift
from bot.oncall.engine.fairness import Load, even

Names = Mapping[PersonId, str]
_MOST, _SCHEDULES = 15, 5


@dataclass(frozen=True, slots=True)
class Duty:
    """One schedule at an instant: who, until when, what reaches each of them, and who is next."""

    schedule: str
    people: tuple[PersonId, ...]
    until: datetime | None
    ways: Mapping[PersonId, tuple[str, ...]]
    following: tuple[Shift, ...] = ()


def who(people: Sequence[PersonId], names: Names) -> list[Span]:
    spans: list[Span] = []
    for person in people:
        spans += [Plain(", "), Mention(person, names.get(person, person))]
    return spans[1:] or [Strong("nobody")]


def duty_card(duties: Sequence[Duty], names: Names, at: datetime | None = None) -> Card:
    """Who is on call, now or ``at``; times are each reader's own."""
    if not duties:
        return Card("On call", (text("No schedule is set up in the organisation file."),))
    rows = tuple(_duty_line(duty, names) for duty in duties)
    blocks: list[Block] = [Bullets(rows)]
    if at is not None:
        blocks.insert(0, text("At ", When(at, Clock.DATE), " ", When(at)))
    unheard = [p for duty in duties for p in duty.people if not duty.ways.get(p)]
    if unheard:
        blocks.append(text(Strong("Nothing reaches "), *who(unheard, names), "."))
    return Card("On call now" if at is None else "On call", tuple(blocks))


def _duty_line(duty: Duty, names: Names) -> Line:
    spans: list[Span] = [Strong(duty.schedule), Plain(" "), *who(duty.people, names)]
    if duty.until is not None:
        spans += [Plain(" until "), *moment(duty.until)]
    if duty.following:
        spans += [Plain("; then "), *who([shift.person for shift in duty.following], names)]
        if duty.following[0].start != duty.until:
            spans += [Plain(" from "), *moment(duty.following[0].start)]
    ways = sorted({way for person in duty.people for way in duty.ways.get(person, ())})
    if ways:
        spans.append(Plain(f" (reached by {', '.join(ways)})"))
    return tuple(spans)


def moment(at: datetime) -> tuple[Span, ...]:
    return (When(at, Clock.DATE), Plain(" "), When(at))


def span_line(start: datetime, end: datetime) -> tuple[Span, ...]:
    return (*moment(start), Plain(" to "), *moment(end))


def shifts_card(title: str, found: Sequence[tuple[str, Shift]], names: Names) -> Card:
    """A list of shifts, each with its schedule."""
    rows = tuple(
        line(
            *span_line(shift.start, shift.end),
            " ",
            Mention(shift.person, names.get(shift.person, shift.person)),
            f" ({schedule})",
        )
        for schedule, shift in found[:_MOST]
    )
    blocks: list[Block] = [Bullets(rows) if rows else text("None in the next 60 days.")]
    if len(found) > _MOST:
        blocks.append(context(f"… and {len(found) - _MOST} more"))
    return Card(title, tuple(blocks))


def cover_card(cover: Cover, names: Names) -> Card:
    """To the others of a schedule: who stands in?"""
    name = Mention(cover.requester, names.get(cover.requester, cover.requester))
    asked = line(name, " needs cover ", *span_line(cover.start, cover.end))
    button = Button("Take the shift", f"/oncall take {cover.id}", Style.PRIMARY)
    return Card(f"Cover for {cover.schedule}", (text(*asked), Buttons((button,))))


def taken_card(cover: Cover, taker: PersonId, names: Names) -> Card:
    """To the requester, and to whoever was a moment too late."""
    words = line(
        Mention(taker, names.get(taker, taker)),
        f" covers {cover.schedule}: ",
        *span_line(cover.start, cover.end),
        ".",
    )
    return Card("", (text(*words),), Tone.GOOD)


def told(*words: str | Span) -> Card:
    return Card("", (text(*words),), Tone.GOOD)


def gaps_card(found: Mapping[str, Sequence[Gap]]) -> Card:
    """To admins, weekly: where nobody will be on call."""
    rows = [
        line(Strong(name), " ", *span_line(gap.start, gap.end))
        for name, gaps in found.items()
        for gap in gaps
    ]
    blocks: list[Block] = [Bullets(tuple(rows[:_MOST]))]
    if len(rows) > _MOST:
        blocks.append(context(f"… and {len(rows) - _MOST} more"))
    return Card("Nobody is on call in the next 60 days", tuple(blocks), Tone.WARNING)


def fairness_card(found: Mapping[str, Sequence[Load]], names: Names) -> Card:
    """Each person's hours on call, how far from even, and how many of them are nights and weekends."""
    blocks: list[Block] = []
    for schedule, shares in list(found.items())[:_SCHEDULES]:
        rows = tuple(_share(load, even(shares), names) for load in shares[:_MOST])
        blocks += [text(Strong(schedule)), Bullets(rows) if rows else text("Nobody is in it.")]
    if not blocks:
        return Card("On-call load", (text("No schedule is set up in the organisation file."),))
    words = "Nights are 22:00 to 06:00, weekends Saturday and Sunday, on each one's own clock."
    left = len(found) - _SCHEDULES
    more = f" And {left} more schedules: name the one you mean." if left > 0 else ""
    return Card("On-call load, next 60 days", (*blocks, context(words + more)))


def _share(load: Load, mean: timedelta, names: Names) -> Line:
    off = round(100 * (load.whole - mean) / mean) if mean else 0
    even_ = "even" if off == 0 else f"{off:+d} %"
    return line(
        Mention(load.person, names.get(load.person, load.person)),
        f" {hours(load.whole)} h ({even_}): nights {hours(load.nights)} h, "
        f"weekends {hours(load.weekends)} h",
    )


def hours(length: timedelta) -> str:
    """Whole hours, or with one decimal."""
    found = length / timedelta(hours=1)
    return f"{found:.0f}" if found == round(found) else f"{found:.1f}"


@dataclass(frozen=True, slots=True)
class Handover:
    """What somebody who comes on call should know."""

    incidents: tuple[str, ...] = ()
    pages: int = 0
    tasks: tuple[str, ...] = ()


def shift_card(
    schedule: str, begins: Sequence[PersonId], ends: Sequence[PersonId],
    until: datetime | None, brief: Handover, names: Names,
) -> Card:  # fmt: skip
    """At a change of shift: to whoever begins, with the hand-over, and to whoever is done."""
    first: list[Span] = [*who(begins, names), Plain(f" on call now for {schedule}")]
    if until is not None:
        first += [Plain(" until "), *moment(until)]
    blocks: list[Block] = [text(*first, ".")]
    if ends:
        blocks.append(text("Off: ", *who(ends, names), "."))
    open_ones = [line(words) for words in brief.incidents]
    if open_ones:
        blocks += [text(Strong("Open incidents")), Bullets(tuple(open_ones))]
    due = [line(words) for words in brief.tasks]
    if due:
        blocks += [text(Strong("Due tasks")), Bullets(tuple(due))]
    blocks.append(context(f"Pages in the last 24 hours: {brief.pages}."))
    return Card("Shift change", tuple(blocks))


# --- test pages --------------------------------------------------------------------------------


def trial_card(trial: Trial, attempt: int = 1) -> Card:
    repeat = "(repeat) " if attempt > 1 else ""
    words = f"This is how a page reaches you on {trial.channel}."
    return Card(f"📟 {repeat}Test page: nothing is broken", (text(words),))


def trial_report(batch: Sequence[Trial], zone: str) -> Card:
    """What arrived and when, to the second of the reader's own clock."""
    rows = tuple(_trial_line(trial, ZoneInfo(zone)) for trial in batch)
    return Card("Your test page", (Bullets(rows),))


def _trial_line(trial: Trial, zone: ZoneInfo) -> Line:
    at = f"{reading(trial.at, zone):%H:%M:%S}"
    if trial.state is TrialState.FAILED:
        return line(Strong(trial.channel), " failed at ", at, f": {trial.remark}")
    if trial.state is TrialState.QUEUED:
        return line(Strong(trial.channel), " will be sent at ", at)
    seen: tuple[str | Span, ...] = ()
    if trial.seen_at is not None:
        seen = (", opened by you at ", f"{reading(trial.seen_at, zone):%H:%M:%S}")
    return line(Strong(trial.channel), " sent at ", at, *seen)
