"""Help: what can be typed, or how one command is written."""

from __future__ import annotations

from bot.core.chat.card import Bullets, Card, Code, Line, Plain, text
from bot.core.chat.vocabulary import Group, Reply
from bot.core.errors import NotFound
from bot.language.call import Call
from bot.language.reading.grammar import CommandTable
from bot.language.reference import usage
from bot.language.spec import Access, Arg, ArgKind, Command, Native, Place, Who
from bot.language.table import all_commands

_SHOWN_FIRST = ("declare", "list", "update", "status", "lead", "page", "task", "note", "publish")

_PRESSED = (
    "capture",
    "uncapture",
    "totask",
    "untotask",
    "tofollowup",
    "untofollowup",
    "take",
    "withdraw",
)


def _help(call: Call) -> Reply:
    name = call.given("verb", str)
    table = call.table or all_commands()
    if name is None:
        listed = [table.named(each) for each in _SHOWN_FIRST]
        rows: list[Line] = [(Code(f"/incident {c.name}"), Plain(f" {c.help}")) for c in listed]
        more = [text(f"/{group}: ", ", ".join(_typed(table, group))) for group in Group]
        return Reply(Card("What you can do", (Bullets(tuple(rows)), *more)))
    verb = table.verb(Group.INCIDENT, name) or table.verb(Group.ONCALL, name)
    if verb is None:
        raise NotFound(f"No command is called {name}. /incident help lists them.")
    return Reply(_about(verb.command))


def _typed(table: CommandTable, group: Group) -> list[str]:
    """The verbs that people type; what only a reaction or a button says is left out."""
    return sorted(c.name for c in table.commands if c.group is group and c.name not in _PRESSED)


def _about(command: Command) -> Card:
    examples = tuple((Code(f"/{command.group} {example}"),) for example in command.examples)
    return Card(command.help, (text(Code(usage(command))), Bullets(examples)))


COMMANDS = (
    Command(
        name="help",
        help="What you can do, or how one verb is used.",
        who=Who.ANYONE,
        place=Place.ANYWHERE,
        access=Access.READ,
        native=Native.LISTED,
        examples=("help", "help update"),
        args=(Arg("verb", ArgKind.VERB, help="Which verb"),),
        run=_help,
    ),
)
