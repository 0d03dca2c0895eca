"""Making an incident private later."""

from __future__ import annotations

from bot.core.chat.card import Bullets, Card, Tone, line, text
from bot.core.chat.replies import question
from bot.core.chat.vocabulary import Reply
from bot.core.incident import Visibility
from bot.incidents.lifecycle.visibility import make_private
from bot.language.call import CONFIRMED, Call
from bot.language.reading.writing import written
from bot.language.spec import Access, Command, Place, Who


def _private(call: Call) -> Reply:
    """It cannot be taken back, so it is asked about."""
    incident = call.incident()
    ref = incident.reference
    if not call.sure and incident.visibility is Visibility.PUBLIC:
        words = f"Make {ref} private? Only its members will see it. This cannot be undone."
        again = CONFIRMED + written(call.command, call.values)
        return Reply(question(words, [("Make it private", again)]))
    made = make_private(call.uow, call.actor, call.number)
    seen = tuple(line(each) for each in made.seen) or (line("nothing"),)
    return Reply(
        Card(
            f"{ref} is private now",
            (
                text("Visible until now, and withdrawn where possible:"),
                Bullets(seen),
                text(f"Members: {', '.join(made.members)}. /incident invite brings others in."),
            ),
            Tone.WARNING,
        )
    )


COMMANDS = (
    Command(
        name="private",
        help="Make it private for good: only the people in it see it.",
        who=Who.RESPONDER,
        place=Place.ROOM,
        access=Access.WRITE,
        examples=("private",),
        run=_private,
    ),
)
