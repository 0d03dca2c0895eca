"""Reading what people type. Nothing happens on a guess: a first word is a verb only if the rest reads
as its arguments; anything else comes to one question. Titles are what people typed.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field

from bot.core.chat.card import Need
from bot.core.chat.title import label
from bot.core.chat.vocabulary import Group
from bot.core.incident import IncidentId
from bot.core.severity import Severity
from bot.language.outcomes import (
    Ambiguous,
    Incomplete,
    Lexicon,
    NeedsRoom,
    Outcome,
    Parsed,
    Suggestion,
    Unsure,
)
from bot.language.reading.arguments import Fill, fill
from bot.language.reading.likeness import alike
from bot.language.reading.titles import title
from bot.language.reading.tokens import words
from bot.language.reading.values import reference
from bot.language.spec import INCIDENT, Arg, ArgKind, Bare, Command, Place, Values

DECLARE = "declare"
_TEXT_LIMIT = 8000
_OFFERED = 3
# Before an incident at the end of a sentence: "sev 2 for INC-42".
_LEADING = ("for", "of", "on", "in")


@dataclass(frozen=True, slots=True)
class Verb:
    """A word that calls a command, with what it says besides."""

    command: Command
    implied: Values = field(default_factory=dict)


class CommandTable:
    """All commands by their words. Raises ``ValueError`` when two want the same word of a group."""

    def __init__(self, commands: Iterable[Command]) -> None:
        self.commands = tuple(commands)
        self._verbs: dict[tuple[Group, str], Verb] = {}
        for command in self.commands:
            for word in (command.name, *command.synonyms):
                self._add(command, word, {})
            for shorthand in command.shorthands:
                self._add(command, shorthand.word, shorthand.values)
        self._words = {
            group: sorted(word for of, word in self._verbs if of is group) for group in Group
        }

    def _add(self, command: Command, word: str, implied: Values) -> None:
        key = (command.group, word)
        if key in self._verbs:
            raise ValueError(f"two commands are called {word}")
        self._verbs[key] = Verb(command, implied)

    def verb(self, group: Group, word: str) -> Verb | None:
        return self._verbs.get((group, word.casefold()))

    def named(self, name: str, group: Group = Group.INCIDENT) -> Command:
        return self._verbs[group, name].command

    def words(self, group: Group) -> Sequence[str]:
        return self._words[group]

    def first(self, text: str, group: Group) -> Command | None:
        """The command that the first word calls."""
        first = text.split(maxsplit=1)[:1]
        verb = self.verb(group, first[0]) if first else None
        return verb.command if verb else None


def parse(text: str, group: Group, table: CommandTable, known: Lexicon) -> Outcome:
    """What ``text``, which follows the command's name, comes to. Never raises."""
    said = text[:_TEXT_LIMIT].strip()
    if not said:
        return _nothing_said(group, table)
    first = said.split(maxsplit=1)[0]
    rest = said[len(first) :]
    verb = table.verb(group, first) or _severity_alone(first, rest, group, table)
    if verb is None:
        found = _bare(said, group, table, known)
        return found or _unsure(said, first, group, table, known)
    if verb.command.name == DECLARE:
        return title(verb.command, rest.strip(), known)
    read = _verb(verb, said, rest, known)
    return read or Unsure(said, (_declare(said), *_meant(verb, first, rest, known)))


def _bare(said: str, group: Group, table: CommandTable, known: Lexicon) -> Outcome | None:
    """``/oncall payments-primary``: the verb that may be left out, if all of it is that verb's arguments."""
    for command in table.commands:
        if group is command.group is Group.ONCALL and command.bare is not Bare.NEVER:
            values = fill(command, {}, said, known)
            return _complete(command, values, said) if isinstance(values, Fill) else None
    return None


def _severity_alone(first: str, rest: str, group: Group, table: CommandTable) -> Verb | None:
    """``sev2``, all by itself or with an incident, is ``sev 2``."""
    digit = first.casefold().removeprefix("sev").removeprefix("p")
    plain = first.casefold() in (f"sev{digit}", f"p{digit}") and digit in ("1", "2", "3", "4", "5")
    after = [word.casefold() for word in rest.split()]
    alone = all(word in _LEADING or reference(word) is not None for word in after)
    if not plain or not alone or group is not Group.INCIDENT:
        return None
    return Verb(table.named("sev"), {"severity": Severity(int(digit))})


def _nothing_said(group: Group, table: CommandTable) -> Outcome:
    for command in table.commands:
        if command.group is group and command.bare is not Bare.NEVER:
            missing = _missing(command, {})
            return Incomplete(command, {}, missing) if missing else Parsed(command, {})
    return Unsure("", ())


def _verb(verb: Verb, said: str, rest: str, known: Lexicon) -> Outcome | None:
    """What the verb and ``rest`` come to; None when they do not read as its arguments."""
    command, values = verb.command, dict(verb.implied)
    if command.place is Place.ROOM:
        number, rest = _named_incident(rest, command)
        where = number if number is not None else known.here
        if where is not None:
            values[INCIDENT] = where
    filled = fill(command, values, rest, known)
    if isinstance(filled, Ambiguous):
        return filled
    return None if filled is None else _complete(command, filled, said)


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


def _unsure(said: str, first: str, group: Group, table: CommandTable, known: Lexicon) -> Unsure:
    rest = said[len(first) :]
    if reference(first) is not None and group is Group.INCIDENT:
        return Unsure(said, (_declare(said), *_of_incident(first, rest, table, known)))
    near = alike(first.casefold(), table.words(group), _OFFERED, 0.75)
    verbs = [table.verb(group, word) for word in near]
    named = dict.fromkeys(verb.command.name for verb in verbs if verb is not None)
    meant = tuple(Suggestion(label(f"{name}{rest}"), f"{name}{rest}") for name in named)
    return Unsure(said, (_declare(said), *(m for m in meant if m.command != said)))


def _of_incident(named: str, rest: str, table: CommandTable, known: Lexicon) -> list[Suggestion]:
    """``INC-42 sev 2``: the verb comes first."""
    first = next(iter(rest.split(maxsplit=1)), "show")
    verb = table.verb(Group.INCIDENT, first)
    if verb is None:
        return []
    return _moved(verb, first, named, rest.strip()[len(first) :], known)


def _meant(verb: Verb, first: str, rest: str, known: Lexicon) -> tuple[Suggestion, ...]:
    """``sev 2 INC-42``, ``sev 2 for INC-42``: the incident belongs after the verb. And the help."""
    found, moved = words(rest), list[Suggestion]()
    if len(found) > 1 and reference(found[-1].text) is not None:
        led = found[-2].text.casefold() in _LEADING
        moved = _moved(verb, first, found[-1].text, rest[: found[-2 if led else -1].start], known)
    name = verb.command.name
    return (*moved, Suggestion(f"Help on {name}", f"help {name}"))


def _moved(verb: Verb, first: str, named: str, rest: str, known: Lexicon) -> list[Suggestion]:
    """The same with the incident where it is read, if that reads."""
    said = f"{first} {named} {rest.strip()}".strip()
    if verb.command.place is not Place.ROOM or _verb(verb, said, said[len(first) :], known) is None:
        return []
    return [Suggestion(label(said), said)]


def _declare(said: str) -> Suggestion:
    """As if ``declare`` had been typed before it: options at its end are taken as such."""
    return Suggestion(label(f'Declare "{said}"'), f"{DECLARE} {said}")
