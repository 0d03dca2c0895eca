"""Completion: verbs first, then what the next argument can be. From memory, by prefix."""

from __future__ import annotations

from collections.abc import Sequence

from bot.core.chat.vocabulary import Group
from bot.core.incident import MAIN_LINE, Role
from bot.core.severity import Severity
from bot.language.outcomes import Completion, Lexicon
from bot.language.reading.grammar import CommandTable
from bot.language.spec import Arg, ArgKind, Command, Noun

AT_MOST = 12

_MARKS = {"#": Noun.SERVICE, "@": Noun.PERSON}
_WORDS: dict[ArgKind, Sequence[str]] = {
    ArgKind.STATUS: [status.value for status in MAIN_LINE],
    ArgKind.SEVERITY: [severity.label.lower() for severity in Severity],
    ArgKind.ROLE: [role.word for role in Role],
}


def complete(
    text: str, cursor: int, group: Group, table: CommandTable, known: Lexicon
) -> list[Completion]:
    """What could come at ``cursor``, at most twelve."""
    head = text[:cursor]
    start = max(head.rfind(" "), head.rfind("\n")) + 1
    word = head[start:]
    if not head[:start].strip():
        return _verbs(word, group, table, start, cursor)
    if word[:1] in _MARKS:
        named = known.names(_MARKS[word[0]], word[1:], AT_MOST)
        return [
            Completion(f"{word[0]}{n.key} ", f"{word[0]}{n.key}", n.label, start, cursor)
            for n in named
        ]
    verb = table.verb(group, head.split()[0])
    return [] if verb is None else _arguments(verb.command, word, known, start, cursor)


def _verbs(word: str, group: Group, table: CommandTable, start: int, end: int) -> list[Completion]:
    folded = word.casefold()
    found = [c for c in table.commands if c.group is group and c.name.startswith(folded)]
    return [Completion(f"{c.name} ", c.name, c.help, start, end) for c in found[:AT_MOST]]


def _arguments(
    command: Command, word: str, known: Lexicon, start: int, end: int
) -> list[Completion]:
    folded = word.casefold()
    found = [
        Completion(f"{option} ", option, arg.help, start, end)
        for arg in command.args
        for option in _options(arg)
        if option.startswith(folded)
    ]
    if any(arg.kind is ArgKind.TARGET for arg in command.args):
        found += _targets(folded, known, start, end)
    return found[:AT_MOST]


def _options(arg: Arg) -> Sequence[str]:
    if arg.kind is ArgKind.FLAG:
        return [f"--{arg.name}"]
    return [arg.after] if arg.after else _WORDS.get(arg.kind, arg.choices)


def _targets(folded: str, known: Lexicon, start: int, end: int) -> list[Completion]:
    nouns = (Noun.PERSON, Noun.TEAM, Noun.SERVICE, Noun.SCHEDULE)
    chosen, _, name = folded.partition(":")
    return [
        Completion(f"{noun}:{named.key} ", f"{noun}:{named.key}", named.label, start, end)
        for noun in nouns
        if noun.startswith(chosen) or ":" not in folded
        for named in known.names(noun, name if ":" in folded else folded, AT_MOST)
    ]
