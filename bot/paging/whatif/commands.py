"""Who would be paged, in which order and when, without paging anyone."""

from __future__ import annotations

from datetime import datetime

from bot.core.chat.card import (
    Block,
    Bullets,
    Card,
    Line,
    Mention,
    Need,
    Strong,
    context,
    line,
    text,
)
from bot.core.chat.vocabulary import Reply
from bot.core.escalation import Target, TargetKind
from bot.core.people import ServiceId
from bot.core.severity import Severity
from bot.core.times.when import Reading
from bot.language.call import Call
from bot.language.spec import Access, Addressee, Arg, ArgKind, Command, Noun, Place, Who
from bot.oncall.cards import moment
from bot.paging.whatif.service import Stage, policy_of, whatif

_MOST = 12


def _whatif(call: Call) -> Reply:
    who = call.needed("who", Addressee)
    at = call.given("at", datetime) or call.uow.now
    service = who.noun is Noun.SERVICE
    target = ServiceId(who.name) if service else Target(TargetKind(who.noun.value), who.name)
    stages = whatif(call.uow, policy_of(call.uow, target), call.given("severity", Severity), at)
    blocks: list[Block] = [text("From ", *moment(at), ", if nobody acknowledged:")]
    for stage in stages:
        blocks += _blocks(stage, at)
    return Reply(Card(f"Paging {who} would reach", (*blocks, context("Nobody was paged."))))


def _blocks(stage: Stage, at: datetime) -> list[Block]:
    minutes = int((stage.at - at).total_seconds() // 60)
    why = f": skipped, {stage.why}" if stage.why else ""
    head = text(Strong(f"+{minutes} min "), f"{stage.heading}{why}")
    rows: list[Line] = [line(room) for room in stage.rooms]
    rows += [
        line(Mention(w.person, w.name), f" by {w.channel}, {w.local} their time")
        for w in stage.woken[:_MOST]
    ]
    return [head, Bullets(tuple(rows))] if rows else [head]


COMMANDS = (
    Command(
        name="whatif",
        help="Who would be paged, in which order and when, without paging anyone.",
        who=Who.ANYONE,
        place=Place.ANYWHERE,
        access=Access.READ,
        examples=("whatif page checkout", "whatif page service:checkout sev3 at fri 03:00"),
        args=(
            Arg(
                "what", ArgKind.CHOICE, Need.REQUIRED, choices=("page",), help="What would be done"
            ),
            Arg("who", ArgKind.TARGET, Need.REQUIRED, help="person: team: service: schedule:"),
            Arg("severity", ArgKind.SEVERITY, help="Of which severity; unknown when not said"),
            Arg(
                "at",
                ArgKind.TIME,
                after="at",
                reading=Reading.EITHER,
                help="When; now when not said",
            ),
        ),
        run=_whatif,
    ),
)
