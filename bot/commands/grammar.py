"""Reading what people type. Nothing happens on a guess: a first word is a verb only if the rest reads
as its arguments; anything else comes to one question. Titles are what people typed.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field
from difflib import get_close_matches

from bot.commands.filling import Fill, fill
from bot.commands.reading import reference
from bot.commands.spec import (
    INCIDENT,
    Ambiguous,
    Arg,
    ArgKind,
    Bare,
    Command,
    Group,
    Incomplete,
    Lexicon,
    NeedsRoom,
    Outcome,
    Parsed,
    Place,
    Suggestion,
    Unsure,
    Values,
)
from bot.commands.titles import title
from bot.commands.tokens import words
from bot.domain.incident import IncidentId
from bot.domain.priority import Severity
from bot.domain.title import label
from bot.views.card import Need

DECLARE = "declare"
_TEXT_LIMIT = 8000
_OFFERED = 3


@dataclass(frozen=True, slots=True)
class Verb:
    """A word that calls a command, with what it says besides."""

    command: Command
    implied: Values = field(default_factory=dict)


class CommandTable:
    """All commands by their words. Raises ``ValueError`` when two want the same word of a group."""

    def __init__(self, commands: Iterable[Command]) -> None:
        self.commands = tuple(commands)
        self._verbs: dict[tuple[str, str], Verb] = {}
        for command in self.commands:
            for word in (command.name, *command.synonyms):
                self._add(command, word, {})
            for shorthand in command.shorthands:
                self._add(command, shorthand.word, shorthand.values)

    def _add(self, command: Command, word: str, implied: Values) -> None:
        key = (command.group.value, word)
        if key in self._verbs:
            raise ValueError(f"two commands are called {word}")
        self._verbs[key] = Verb(command, implied)

    def verb(self, group: str, word: str) -> Verb | None:
        return self._verbs.get((group, word.casefold()))

    def named(self, name: str, group: str = "incident") -> Command:
        return self._verbs[group, name].command

    def words(self, group: str) -> Sequence[str]:
        return sorted(word for of, word in self._verbs if of == group)

    def first(self, text: str, group: str) -> Command | None:
        """The command that the first word calls."""
        first = text.split(maxsplit=1)[:1]
        verb = self.verb(group, first[0]) if first else None
        return verb.command if verb else None


def parse(text: str, group: str, table: CommandTable, known: Lexicon) -> Outcome:
    """What ``text``, which follows the command's name, comes to. Never raises."""
    said = text[:_TEXT_LIMIT].strip()
    if not said:
        return _nothing_said(group, table)
    first = said.split(maxsplit=1)[0]
    rest = said[len(first) :]
    verb = table.verb(group, first) or _severity_alone(said, group, table)
    if verb is None:
        return _bare(said, group, table, known) or _unsure(said, first, group, table)
    if verb.command.name == DECLARE:
        return title(verb.command, rest.strip(), known)
    return _verb(verb, said, rest if not _digits(first) else "", known)


def _bare(said: str, group: str, table: CommandTable, known: Lexicon) -> Outcome | None:
    """``/oncall payments-primary``: the verb that may be left out, if all of it is that verb's arguments."""
    for command in table.commands:
        if group == command.group == Group.ONCALL and command.bare is not Bare.NEVER:
            values = fill(command, {}, said, known)
            return _complete(command, values, said) if isinstance(values, Fill) else None
    return None


def _digits(first: str) -> bool:
    """``sev2`` and ``p1`` say their argument themselves."""
    return first[-1:].isdigit()


def _severity_alone(said: str, group: str, table: CommandTable) -> Verb | None:
    """``sev2``, all by itself, is ``sev 2``."""
    digit = said.casefold().removeprefix("sev").removeprefix("p")
    plain = said.casefold() in (f"sev{digit}", f"p{digit}") and digit in ("1", "2", "3", "4", "5")
    if not plain or group != "incident":
        return None
    return Verb(table.named("sev"), {"severity": Severity(int(digit))})


def _nothing_said(group: str, table: CommandTable) -> Outcome:
    for command in table.commands:
        if command.group == group and command.bare is not Bare.NEVER:
            missing = _missing(command, {})
            return Incomplete(command, {}, missing) if missing else Parsed(command, {})
    return Unsure("", ())


def _verb(verb: Verb, said: str, rest: str, known: Lexicon) -> Outcome:
    command, values = verb.command, dict(verb.implied)
    if command.place is Place.ROOM:
        number, rest = _named_incident(rest, command)
        where = number if number is not None else known.here
        if where is not None:
            values[INCIDENT] = where
    filled = fill(command, values, rest, known)
    if isinstance(filled, Ambiguous):
        return filled
    if filled is None:
        return Unsure(said, (_declare(said), *_meant(command)))
    return _complete(command, filled, said)


def _named_incident(rest: str, command: Command) -> tuple[IncidentId | None, str]:
    """An incident named right after the verb, and what is left.

    Where an argument is a reference too (``merge INC-41``), the only one given is the argument.
    """
    found = words(rest)
    number = reference(found[0].text) if found else None
    if any(arg.kind is ArgKind.REFERENCE for arg in command.args) and (
        len(found) < 2 or reference(found[1].text) is None
    ):
        number = None
    return number, rest[found[0].end :] if number is not None else rest


def _complete(command: Command, filled: Fill, said: str) -> Outcome:
    values = filled.values
    if command.place is Place.ROOM and INCIDENT not in values:
        return NeedsRoom(command, values, said)
    missing = _missing(command, values)
    return Incomplete(command, values, missing) if missing else Parsed(command, values)


def _missing(command: Command, values: Values) -> tuple[Arg, ...]:
    return tuple(a for a in command.args if a.need is Need.REQUIRED and a.name not in values)


# --- questions back ----------------------------------------------------------------------------


def _unsure(said: str, first: str, group: str, table: CommandTable) -> Unsure:
    near = get_close_matches(first.casefold(), table.words(group), _OFFERED, 0.75)
    verbs = [table.verb(group, word) for word in near]
    named = dict.fromkeys(verb.command.name for verb in verbs if verb is not None)
    rest = said[len(first) :]
    meant = tuple(Suggestion(label(f"{name}{rest}"), f"{name}{rest}") for name in named)
    return Unsure(said, (_declare(said), *(m for m in meant if m.command != said)))


def _declare(said: str) -> Suggestion:
    """As if ``declare`` had been typed before it: options at its end are taken as such."""
    return Suggestion(label(f'Declare "{said}"'), f"{DECLARE} {said}")


def _meant(command: Command) -> tuple[Suggestion, ...]:
    return (Suggestion(f"Help on {command.name}", f"help {command.name}"),)
