"""What a drill says in its room: the step to do now, or that it is over."""

from __future__ import annotations

from collections.abc import Sequence

from bot.core.chat.card import Bullets, Button, Buttons, Card, Code, Tone, context, line, text
from bot.drills.model import Scenario, hint


def step_card(scenario: Scenario, at: int, paged: Sequence[str] = ()) -> Card:
    """Step ``at``, counted from 0; after the last one, the end. ``paged`` are the names of those who were."""
    count = len(scenario.steps)
    if at >= count:
        words = "That was the drill. Nobody outside was told, and it counts nowhere. "
        return Card(
            "Drill done", (text(words, "The postmortem draft is linked on the card."),), Tone.GOOD
        )
    return Card(f"Drill, step {at + 1} of {count}", (text(hint(scenario.steps[at].hint, paged)),))


def scenarios_card(found: tuple[Scenario, ...]) -> Card:
    """Which drills there are, each with a button."""
    rows = tuple(line(Code(each.name), f" — {each.about}") for each in found)
    buttons = tuple(Button(each.name.capitalize(), f"drill {each.name}") for each in found)
    small = context("A drill is a real incident in test mode: nobody outside is told.")
    return Card("Drills", (Bullets(rows), Buttons(buttons), small))
