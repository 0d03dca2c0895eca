"""Titles are what people typed. Options are a trailing run of words, each of which reads as one."""

from __future__ import annotations

from dataclasses import dataclass, field

from bot.core.people import ServiceId
from bot.core.severity import Severity
from bot.language.outcomes import Incomplete, Lexicon, Outcome, Parsed, Remark
from bot.language.reading.likeness import alike
from bot.language.reading.tokens import Word, quoted, words
from bot.language.reading.values import READERS
from bot.language.spec import Arg, ArgKind, Command, Flag, Noun, Value

_SEVERITY = Arg("severity", ArgKind.SEVERITY)
_OFFERED = 3
# At most so many names with the same first letter are compared.
_LOOKED_AT = 60


@dataclass(slots=True)
class _Options:
    """What the trailing run has said, read from its end."""

    severities: list[Severity] = field(default_factory=list)
    services: list[ServiceId] = field(default_factory=list)
    lead: str | None = None
    flags: list[str] = field(default_factory=list)

    def take(self, word: Word, flags: frozenset[str], known: Lexicon) -> bool:
        """Whether the word is an option."""
        severity = READERS[ArgKind.SEVERITY](_SEVERITY, word.text, known)
        if isinstance(severity, Severity):
            self.severities.insert(0, severity)
        elif word.text.startswith("#") and (service := known.service(word.text[1:])):
            self.services.insert(0, service)
        elif word.text.startswith("@") and (person := known.person(word.text[1:])):
            self.lead = self.lead or person
        elif word.flag in flags:
            self.flags.append(str(word.flag))
        else:
            return False
        return True

    def values(self) -> dict[str, Value]:
        found: dict[str, Value] = dict.fromkeys(self.flags, Flag.ON)
        if self.severities:
            found["severity"] = self.severities[-1]
        if self.services:
            found["services"] = tuple(dict.fromkeys(self.services))
        if self.lead:
            found["lead"] = self.lead
        return found


def title(command: Command, rest: str, known: Lexicon) -> Outcome:
    """``declare`` is always a declare: a title and what the trailing run says."""
    if not rest:
        return Incomplete(command, {}, command.args[:1])
    flags = frozenset(arg.name for arg in command.args if arg.kind is ArgKind.FLAG)
    found = quoted(rest)
    if found is not None and found.start == 0:
        options, left = _trailing(rest[found.end :], flags, known)
        if not left.strip():
            return _parsed(command, found.inside, options, known)
    options, left = _trailing(rest, flags, known)
    if not left.strip():  # nothing but options: then the text is the title
        return Parsed(command, {"title": rest})
    return _parsed(command, left.strip(), options, known)


def _trailing(text: str, flags: frozenset[str], known: Lexicon) -> tuple[_Options, str]:
    """The options at the end of ``text``, and what stands before them, verbatim."""
    options, end = _Options(), len(text)
    for word in reversed(words(text)):
        if not options.take(word, flags, known):
            break
        end = word.start
    return options, text[:end]


def _parsed(command: Command, said: str, options: _Options, known: Lexicon) -> Parsed:
    remarks = []
    if len(set(options.severities)) > 1:
        first, last = options.severities[0], options.severities[-1]
        remarks.append(Remark(f"{first.label} was given too; {last.label} was taken."))
    last_word = said.rsplit(maxsplit=1)[-1]
    if last_word.startswith("#") and len(last_word) > 1 and not known.service(last_word[1:]):
        remarks.append(_no_service(last_word, known))
    return Parsed(command, {"title": said, **options.values()}, tuple(remarks))


def _no_service(word: str, known: Lexicon) -> Remark:
    """It stays in the title, and services are offered, the likeliest first."""
    same = known.names(Noun.SERVICE, word[1:2], _LOOKED_AT)
    names = [named.key for named in same or known.names(Noun.SERVICE, "", _LOOKED_AT)]
    near = alike(word[1:].casefold(), names, _OFFERED, 0.3) or names[:_OFFERED]
    offered = tuple(ServiceId(name) for name in near)
    return Remark(f"No service is called {word[1:]}; it stays in the title.", offered)
