"""Planned maintenance as people see it: what customers would read, what is planned, what happens by itself."""

from __future__ import annotations

from collections.abc import Sequence

from bot.core.chat.card import (
    Block,
    Button,
    Buttons,
    Card,
    Field,
    Fields,
    Plain,
    Quote,
    Strong,
    Style,
    Text,
    Tone,
    When,
    line,
    text,
)
from bot.oncall.cards import span_line
from bot.statuspage.maintenance import Maintenance, Phase

_LISTED = 5
PLAN = Button("Plan one", "maintenance plan", Style.PRIMARY)


def preview_card(found: Maintenance, names: Sequence[str], again: str) -> Card:
    """What customers would read; ``again`` is the command that shows it to them."""
    facts = (
        Field("Title", line(found.title)),
        Field("When", span_line(found.begins, found.ends)),
        Field("Components", line(", ".join(names) or "none")),
    )
    return Card(
        "Preview: what customers will read",
        (
            Fields(facts),
            Quote(found.updates[0].body),
            text("Nothing is announced yet. It begins and ends by itself."),
            Buttons((Button("Announce it", again, Style.PRIMARY),)),
        ),
        Tone.WARNING,
    )


def announced_card(found: Maintenance) -> Card:
    words = "has begun" if found.phase is Phase.IN_PROGRESS else "is announced"
    return Card("", (text(f"Maintenance {found.number} {words}: ", *span_line(found.begins, found.ends), "."),
                     _buttons(found)), Tone.GOOD)  # fmt: skip


def list_card(found: Sequence[Maintenance]) -> Card:
    """What is under way and what is planned, the next first."""
    blocks: list[Block] = []
    for each in found[:_LISTED]:
        now = " · now" if each.phase is Phase.IN_PROGRESS else ""
        spans = (
            Strong(f"{each.number}{now} "),
            Plain(f"{each.title} · "),
            *span_line(each.begins, each.ends),
        )
        blocks += [Text(spans), _buttons(each)]
    if len(found) > _LISTED:
        blocks.append(text(f"And {len(found) - _LISTED} later."))
    if not found:
        blocks.append(text("None is planned."))
    return Card("Planned maintenance", (*blocks, Buttons((PLAN,))))


def _buttons(found: Maintenance) -> Buttons:
    number = found.number
    later = Button("30 more minutes", f"maintenance extend {number} 30m")
    if found.phase is Phase.SCHEDULED:
        ask = "Customers will read that it was cancelled."
        cancel = Button("Cancel it", f"maintenance cancel {number}", Style.DANGER, confirm=ask)
        return Buttons((Button("Start now", f"maintenance start {number}"), later, cancel))
    return Buttons((Button("End now", f"maintenance end {number}", Style.PRIMARY), later))


def begun_card(found: Maintenance) -> Card:
    """To whoever planned it: it has begun by itself."""
    words = text(f"“{found.title}” has begun; customers see it. It ends by itself at ",
                 When(found.ends), ".")  # fmt: skip
    return Card(f"Maintenance {found.number} has begun", (words, _buttons(found)))


def ending_card(found: Maintenance) -> Card:
    """To whoever planned it: it ends soon, unless they say otherwise."""
    words = text(f"“{found.title}” ends by itself at ", When(found.ends), ". Is it done by then?")
    return Card(f"Maintenance {found.number} ends soon", (words, _buttons(found)), Tone.WARNING)


def ended_card(found: Maintenance) -> Card:
    """To whoever planned it: its time is over, and customers are told that it is done."""
    words = f"Customers see “{found.title}” as completed. Not done? /incident maintenance plan announces more."
    return Card(f"Maintenance {found.number} has ended", (text(words),), Tone.GOOD)
