"""Publishing on the status page: previewed, then pressed. Declaring never publishes."""

from __future__ import annotations

from bot.core.chat.card import Button, Buttons, Card, Field, Fields, Quote, Style, Tone, line, text
from bot.core.chat.replies import done
from bot.core.chat.vocabulary import Reply
from bot.language.call import Call
from bot.language.reading.writing import written
from bot.language.spec import Access, Arg, ArgKind, Command, Native, Place, Who
from bot.statuspage.service import Preview, preview, publish


def _publish(call: Call) -> Reply:
    body = call.given("text", str) or ""
    if call.values.get("now"):
        publish(call.uow, call.actor, call.number, body)
        return Reply(done("Published. Customers see it within seconds."))
    return Reply(_previewed(call, preview(call.uow, call.actor, call.number, body)))


def _previewed(call: Call, shown: Preview) -> Card:
    """What customers would read, and the button that shows it to them."""
    values = {**call.values, "text": shown.body, "now": "on"}
    publish_it = Button("Publish", written(call.command, values), Style.PRIMARY)
    buttons = () if call.values.get("draft") else (Buttons((publish_it,)),)
    names = {key: c.name for key, c in call.uow.org.components.items()}
    parts = ", ".join(
        f"{names[k]}: {s.value.replace('_', ' ')}" for k, s in shown.components.items()
    )
    return Card(
        "Preview: what customers will read",
        (
            Fields(
                (
                    Field("Title", line(shown.title)),
                    Field("Status", line(shown.status.value)),
                    Field("Components", line(parts or "none")),
                )
            ),
            Quote(shown.body),
            text("Nothing is published yet."),
            *buttons,
        ),
        Tone.WARNING,
    )


COMMANDS = (
    Command(
        name="publish",
        synonyms=("statuspage",),
        help="Show it on the status page; previewed first.",
        who=Who.RESPONDER,
        place=Place.ROOM,
        access=Access.WRITE,
        native=Native.LISTED,
        examples=("publish", "publish draft", 'publish "Some card payments fail. We are on it."'),
        args=(
            Arg("text", ArgKind.QUOTED, help="What customers read; proposed when left out"),
            Arg("draft", ArgKind.CHOICE, choices=("draft",), help="Only show what it would say"),
            Arg("now", ArgKind.FLAG, help="Without a preview"),
        ),
        run=_publish,
    ),
)
