"""What is answered when a text did not come to one clear command: questions, forms, offers."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace

from bot.chat import Reply
from bot.commands.call import CONFIRMED
from bot.commands.forms import form_of
from bot.commands.spec import (
    INCIDENT,
    Ambiguous,
    Incomplete,
    NeedsRoom,
    Outcome,
    Parsed,
    Remark,
    Unreadable,
    Unsure,
)
from bot.commands.writing import pressed
from bot.domain.people import Actor
from bot.ports import Filter, UnitOfWork
from bot.views.card import Block, Card, text
from bot.views.replies import question, refusal

_OFFERED = 8


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
            return Reply(refusal(outcome.text), refused=outcome.text)
        case Unsure():
            return Reply(_unsure(outcome))
        case Parsed():
            raise AssertionError("a parsed command is run, not answered")


def _unsure(outcome: Unsure) -> Card:
    choices = [(s.label, s.command) for s in outcome.suggestions]
    return question("Nothing done yet. Which did you mean?", choices)


def _which(outcome: Ambiguous) -> Card:
    choices = [
        (str(choice), pressed(outcome.command, {**outcome.values, outcome.arg.name: choice}))
        for choice in outcome.choices
    ]
    return question("Several bear that name. Whom do you mean?", choices)


def _which_incident(uow: UnitOfWork, actor: Actor, outcome: NeedsRoom) -> Card:
    """The speaker's open incidents as buttons; without any, the latest open ones."""
    mine = uow.incidents.find(
        Filter(open_only="yes", member=actor.id, limit=_OFFERED), actor.viewer
    )
    found = mine or uow.incidents.find(Filter(open_only="yes", limit=_OFFERED), actor.viewer)
    choices = [
        (
            f"{incident.reference} {incident.title}"[:75],
            pressed(outcome.command, {**outcome.values, INCIDENT: incident.id}),
        )
        for incident in found
    ]
    if outcome.text:
        choices.append((f'Declare "{outcome.text}"'[:75], f"declare {outcome.text}"))
    if not choices:
        return refusal("No incident is open. /incident declare <title> opens one.")
    return question("For which incident?", choices)


def confirm_first(uow: UnitOfWork, actor: Actor, parsed: Parsed) -> Reply:
    """The courtesy confirm of somebody who has not joined. Pressing does it."""
    number = parsed.values[INCIDENT]
    words = f"You have not joined INC-{number}. Do it all the same?"
    return Reply(question(words, [("Do it", CONFIRMED + pressed(parsed.command, parsed.values))]))


def with_remarks(reply: Reply, remarks: Sequence[Remark]) -> Reply:
    """The reply with what else is to be told; what is offered beside it the command has added."""
    if not remarks or reply.card is None:
        return reply
    blocks: list[Block] = [text(remark.text) for remark in remarks]
    return replace(reply, card=replace(reply.card, blocks=(*reply.card.blocks, *blocks)))
