"""What the bot says on its own account, to a room or to one person, by occasion."""

from __future__ import annotations

from collections.abc import Callable, Mapping

from bot.core.chat.card import (
    Block,
    Button,
    Buttons,
    Card,
    Clock,
    Link,
    Mention,
    Span,
    Strong,
    Style,
    Text,
    Tone,
    When,
    text,
)
from bot.core.chat.codec import card_from
from bot.core.incident import Role
from bot.core.people import PersonId
from bot.incidents.cards import Facts, goes_on_line, headline, lead_line, person, rooms_line, tone

Args = Mapping[str, str | int]
_HANDED = {"commander": "the lead", "scribe": "the scribe role"}


def whispered(facts: Facts, what: str, args: Args) -> Card:
    """The card for an occasion; ``what`` may carry an ordinal after a colon."""
    occasion = what.partition(":")[0]
    return OCCASIONS[occasion](facts, args)


def _trouble(facts: Facts, args: Args) -> Card:
    ref = facts.incident.reference
    return Card(
        f"{ref}: a setup step failed",
        (text(str(args["text"])), Buttons((Button("Repair", f"repair {ref}"),))),
        Tone.WARNING,
    )


def _confirm(facts: Facts, args: Args) -> Card:
    ref = facts.incident.reference
    buttons = (
        Button("Fixed", f"confirm {ref}", Style.PRIMARY),
        Button("Still broken", f"reopen {ref}"),
    )
    return Card(
        f"{ref} is resolved. Is it fixed for you?",
        (text(facts.incident.title), Buttons(buttons)),
        Tone.GOOD,
    )


def _draft(facts: Facts, args: Args) -> Card:
    return Card(
        f"Postmortem draft of {facts.incident.reference}",
        (text(facts.incident.title), text(Link("Read the draft", str(args["url"])))),
        Tone.GOOD,
    )


def _there(*words: Span | str) -> Card:
    """What became of a question: nothing is left to press."""
    return Card("", (text(*words),))


def _lead(facts: Facts, args: Args) -> Card:
    ref = facts.incident.reference
    if facts.incident.lead:
        return _there(*lead_line(facts), " leads.")
    buttons = Buttons(
        (Button("Take the lead", f"lead {ref}", Style.PRIMARY), _snooze(facts, "lead"))
    )
    return Card("Nobody leads yet.", (buttons,), Tone.WARNING)


def _severity(facts: Facts, args: Args) -> Card:
    ref = facts.incident.reference
    if facts.incident.severity:
        return _there("Severity: ", Strong(facts.incident.severity.label))
    choices = tuple(Button(f"SEV{n}", f"sev {ref} {n}") for n in range(1, 6))
    return Card("How bad is it?", (Buttons((*choices, _snooze(facts, "severity"))),))


def _quiet(facts: Facts, args: Args) -> Card:
    ref = facts.incident.reference
    buttons = (
        Button("No change", f"heartbeat {ref}", Style.PRIMARY),
        Button("Resolved", f"resolved {ref}"),
        _snooze(facts, "quiet"),
    )
    return Card("Quiet for two hours. Still happening?", (Buttons(buttons),), Tone.WARNING)


def _due(facts: Facts, args: Args) -> Card:
    """To the lead, two minutes before."""
    return Card(
        f"{facts.incident.reference}: an update is due", (_when_due(facts), _due_buttons(facts))
    )


def _overdue(facts: Facts, args: Args) -> Card:
    """To the room, at the time or when a snooze is over: who owes it, and for how long."""
    late = int(args.get("late", 0))
    words = f"update overdue by {late} min" if late else "update due now"
    who = PersonId(str(args.get("who", "")))
    owed = (Mention(who, str(args.get("name", ""))), f": {words}") if who else (words.capitalize(),)
    return Card("", (text(*owed), _due_buttons(facts)), Tone.WARNING)


def _when_due(facts: Facts) -> Text:
    due = facts.incident.next_update_at
    return text("Promised ", When(due, Clock.RELATIVE), ".") if due else text("Now.")


def _due_buttons(facts: Facts) -> Buttons:
    ref = facts.incident.reference
    return Buttons(
        (
            Button("Update", f"update {ref}", Style.PRIMARY),
            Button("No change", f"heartbeat {ref}"),
            _snooze(facts, "update"),
        )
    )


def _snooze(facts: Facts, cause: str) -> Button:
    return Button("Snooze 15m", f"snooze {facts.incident.reference} {cause}")


def _merged(facts: Facts, args: Args) -> Card:
    """To the room of what was merged."""
    if not facts.goes_on:
        return Card("Merged. Work goes on in the other incident.", (), Tone.NEUTRAL)
    return Card("", (Text(goes_on_line(facts)),), Tone.NEUTRAL)


def _handover(facts: Facts, args: Args) -> Card:
    """To whoever is handed a role: where things stand."""
    incident = facts.incident
    role = _HANDED.get(str(args["role"]), str(args["role"]))
    blocks: list[Block] = [text(f"{args['by']} handed you {role}.")]
    if incident.impact:
        blocks.append(text(Strong("Impact "), incident.impact))
    if facts.last_update:
        blocks.append(text(Strong("Last update "), facts.last_update))
    if facts.open_tasks:
        blocks.append(text(f"Open tasks: {facts.open_tasks}"))
    buttons = Buttons((Button("Catch up", f"catchup {incident.reference}"),))
    room = (Text(rooms_line(facts)),) if facts.rooms else ()
    return Card(headline(incident), (*blocks, *room, buttons), tone(incident))


def _role(facts: Facts, args: Args) -> Card:
    """To the room of a major incident."""
    ref = facts.incident.reference
    holder = facts.incident.roles.get(Role.COMMUNICATIONS)
    if holder:
        return _there(person(facts, holder), " has communications.")
    if not facts.incident.is_major:
        return _there("No longer a major incident.")
    take = Button("Take communications", f"role {ref} communications", Style.PRIMARY)
    words = "Major: nobody has communications yet."
    return Card(words, (Buttons((take, _snooze(facts, "role"))),), Tone.WARNING)


def _news(facts: Facts, args: Args) -> Card:
    """To a subscriber."""
    stop = Button("Unsubscribe", f"unsubscribe {facts.incident.reference}")
    blocks = (text(str(args["text"])), Buttons((stop,)))
    return Card(headline(facts.incident), blocks, tone(facts.incident))


def _moved(facts: Facts, args: Args) -> Card:
    """To whoever leads: a room was archived or deleted by hand."""
    return Card(f"{facts.incident.reference}: a new room", (text(str(args["text"])),), Tone.WARNING)


def _plugin(facts: Facts, args: Args) -> Card:
    """What a plug-in says in the room, as it made it."""
    return card_from(str(args["card"]))


OCCASIONS: Mapping[str, Callable[[Facts, Args], Card]] = {
    "trouble": _trouble,
    "confirm": _confirm,
    "draft": _draft,
    "lead": _lead,
    "severity": _severity,
    "quiet": _quiet,
    "due": _due,
    "overdue": _overdue,
    "role": _role,
    "merged": _merged,
    "news": _news,
    "handover": _handover,
    "moved": _moved,
    "plugin": _plugin,
}
