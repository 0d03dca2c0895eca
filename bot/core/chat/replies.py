"""Private replies: refusals, errors, questions back. Short, and each says what to do next."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime

from bot.core.chat.card import Button, Buttons, Card, Clock, Quote, Style, Tone, When, text
from bot.core.chat.title import label

BUTTONS_AT_MOST = 12


def refusal(words: str) -> Card:
    """What a person did cannot be done; ``words`` already say what to do."""
    return Card("", (text(words),), Tone.WARNING)


def fault(reference: str) -> Card:
    """Something of ours broke. Nothing was changed; the log has it under ``reference``."""
    words = f"Something broke on our side; nothing was changed. Try again. Reference for an admin: {reference}"
    return Card("", (text(words),), Tone.BAD)


def pending() -> Card:
    """The commit has not come back in time."""
    return Card("", (text("Not recorded yet, still trying. You will be told here."),), Tone.WARNING)


def not_recorded(typed: str) -> Card:
    """Given up; the text to copy."""
    return Card(
        "Not recorded",
        (text("The database could not be reached for a minute. Send it again:"), Quote(typed)),
        Tone.BAD,
    )


def unknown(typed: str) -> Card:
    """The commit never came back, so neither can be said."""
    return Card(
        "This may not be recorded",
        (text("The database stopped answering. Check /incident list before you send it again:"),
         Quote(typed)),
        Tone.BAD,
    )  # fmt: skip


def withdrawn() -> Card:
    """What stands in the place of a message of something that became private."""
    return Card("", (text("This message was withdrawn."),))


def question(words: str, choices: Sequence[tuple[str, str]]) -> Card:
    """A question with one button for each (label, command); the first is the likeliest."""
    buttons = tuple(
        Button(label(shown), command, Style.PRIMARY if not at else Style.PLAIN)
        for at, (shown, command) in enumerate(choices[:BUTTONS_AT_MOST])
    )
    return Card("", (text(words), *((Buttons(buttons),) if buttons else ())))


def done(words: str) -> Card:
    """It is done."""
    return Card("", (text(words),), Tone.GOOD)


def login_link(url: str, ends_at: datetime) -> Card:
    """A way into the console, for the one who asked."""
    words = text("Good for one use, until ", When(ends_at, Clock.TIME), ". Do not share it.")
    return Card(
        "", (words, Buttons((Button("Log in to the console", url=url, style=Style.PRIMARY),)))
    )


def told_once() -> Card:
    """In the place of a reply that is kept nowhere, when its delivery comes again."""
    return Card("", (text("That was answered once, and is not kept. Ask again."),))


def platform_degraded(platform: str, why: str, fix: str) -> Card:
    """To admins: a chat platform needs them."""
    words = f"{why}. Incidents are still recorded and paged. {fix}"
    return Card(f"{platform.capitalize()} needs you", (text(words),), Tone.WARNING)
