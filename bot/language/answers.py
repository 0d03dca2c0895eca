"""What is answered when a text did not come to one clear command: questions, forms, offers."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace

from bot.core.chat.card import Block, Button, Buttons, Card, Need, Quote, text
from bot.core.chat.replies import question, refusal
from bot.core.chat.title import label
from bot.core.chat.vocabulary import Reply
from bot.core.incident import Filter, IncidentId
from bot.core.people import Actor
from bot.core.ports.unit_of_work import UnitOfWork
from bot.language.call import CONFIRMED
from bot.language.forms import form_of
from bot.language.outcomes import (
    Ambiguous,
    Incomplete,
    NeedsRoom,
    Outcome,
    Parsed,
    Remark,
    Unreadable,
    Unsure,
)
from bot.language.reading.writing import pressed
from bot.language.speakers import reported_by
from bot.language.spec import INCIDENT, TEXTS, Who

_OFFERED = 8
_UNREAD = "Nothing done yet: not every answer could be read. Times are 14:32, 20m or fri 17:00."


def answer(uow: UnitOfWork, actor: Actor, outcome: Outcome) -> Reply:
    """The reply to everything but a command that can run."""
    match outcome:
        case Incomplete():
            return Reply(form=form_of(outcome))
        case NeedsRoom():
            return Reply(_which_incident(uow, actor, outcome))
        case Ambiguous():
            return Reply(_which(outcome))
        case Unreadable():
            return Reply(_unreadable(outcome), refused=outcome.text)
        case Unsure():
            return Reply(_unsure(outcome), refused=_UNREAD)
        case Parsed():
            raise AssertionError("a parsed command is run, not answered")


def _unsure(outcome: Unsure) -> Card:
    choices = [(s.label, s.command) for s in outcome.suggestions]
    return question("Nothing done yet. Which did you mean?", choices)


def _unreadable(outcome: Unreadable) -> Card:
    """What is wrong; and what was written besides, so that nobody writes it twice."""
    texts = {arg.name for arg in outcome.command.args if arg.kind in TEXTS}
    written_down = [Quote(str(v)) for name, v in outcome.values.items() if name in texts]
    kept = " Nothing was recorded. You wrote:" if written_down else " Nothing was recorded."
    known = {name: v for name, v in outcome.values.items() if name not in texts}
    card = refusal(outcome.text + kept)
    again: list[Block] = []
    if any(a.need is Need.REQUIRED and a.name not in known for a in outcome.command.args):
        again.append(Buttons((Button("Ask again", pressed(outcome.command, known)),)))
    return replace(card, blocks=(*card.blocks, *written_down, *again))


def _which(outcome: Ambiguous) -> Card:
    choices = [
        (str(choice), pressed(outcome.command, {**outcome.values, outcome.arg.name: choice}))
        for choice in outcome.choices
    ]
    return question("Several have that name. Which one?", choices)


def _which_incident(uow: UnitOfWork, actor: Actor, outcome: NeedsRoom) -> Card:
    """The speaker's open incidents as buttons; without any, the latest open ones."""
    mine = uow.incidents.find(Filter(open_only=True, member=actor.id, limit=_OFFERED), actor.viewer)
    found = mine or uow.incidents.find(Filter(open_only=True, limit=_OFFERED), actor.viewer)
    choices = [
        (
            label(f"{incident.reference} {incident.title}"),
            pressed(outcome.command, {**outcome.values, INCIDENT: incident.id}),
        )
        for incident in found
    ]
    if outcome.text:
        choices.append((label(f'Declare "{outcome.text}"'), f"declare {outcome.text}"))
    if not choices:
        return refusal("No incident is open. /incident declare <title> opens one.")
    return question("For which incident?", choices)


def has_joined(uow: UnitOfWork, actor: Actor, outcome: Outcome) -> bool:
    """Whether the actor has joined the incident that a courtesy confirm would be about."""
    if not isinstance(outcome, Parsed) or outcome.command.who is not Who.RESPONDER:
        return True
    number = outcome.values.get(INCIDENT)
    if not isinstance(number, int):
        return True
    membership = uow.incidents.members(IncidentId(number)).get(actor.id)
    return membership == "joined" or reported_by(uow, actor, IncidentId(number))


def confirm_first(uow: UnitOfWork, actor: Actor, parsed: Parsed) -> Reply:
    """The courtesy confirm of somebody who has not joined. Pressing joins and does it."""
    again = CONFIRMED + pressed(parsed.command, parsed.values)
    words = f"You haven't joined INC-{parsed.values[INCIDENT]}."
    return Reply(question(words, [("Join and continue", again)]))


def joins_by(uow: UnitOfWork, actor: Actor, typed: str, parsed: Parsed) -> IncidentId | None:
    """The incident that whoever confirmed joins by it, as the button said."""
    number = parsed.values.get(INCIDENT)
    asked = typed.startswith(CONFIRMED) and not has_joined(uow, actor, parsed)
    return IncidentId(number) if asked and isinstance(number, int) else None


def with_remarks(reply: Reply, remarks: Sequence[Remark]) -> Reply:
    """The reply with what else is to be told; what is offered beside it the command has added."""
    if not remarks or reply.card is None:
        return reply
    blocks: list[Block] = [text(remark.text) for remark in remarks]
    return replace(reply, card=replace(reply.card, blocks=(*reply.card.blocks, *blocks)))
