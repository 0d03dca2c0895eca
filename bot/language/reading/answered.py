"""A form's answer as the value of its argument. Unlike a typed word it is whole: nothing follows it."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

from bot.core.chat.title import label
from bot.language.outcomes import Lexicon
from bot.language.reading.values import MANY, READERS, target
from bot.language.spec import TEXTS, Addressee, Arg, ArgKind, Flag, Noun, Value

_MARKS: Mapping[ArgKind, str] = {
    ArgKind.PERSON: "@",
    ArgKind.PEOPLE: "@",
    ArgKind.SERVICES: "#",
}
_ACCEPTED: Mapping[ArgKind, str] = {
    ArgKind.STATUS: "a status: investigating, identified, monitoring or resolved",
    ArgKind.SEVERITY: "a severity: sev1 to sev5",
    ArgKind.PRIORITY: "a priority: p1 to p5",
    ArgKind.ROLE: "a role: lead, communications, operations or scribe",
    ArgKind.REFERENCE: "an incident, such as INC-42",
    ArgKind.NUMBER: "a number",
    ArgKind.TIME: "a time, such as 20m, 14:32 or fri 17:00",
    ArgKind.DURATION: "a length of time, such as 30m or 2h",
    ArgKind.RANGE: "a period, such as 18:00-22:00 or sat",
    ArgKind.URL: "an address that begins with https://",
}
# What bears a name, as the sentence says it that knows none of that name.
_NAMED: Mapping[ArgKind, str] = {
    ArgKind.PERSON: "person",
    ArgKind.PEOPLE: "person or team",
    ArgKind.TEAM: "team",
    ArgKind.SERVICES: "service",
    ArgKind.SCHEDULE: "schedule",
    ArgKind.TARGET: "person, team, service or schedule",
}


@dataclass(frozen=True, slots=True)
class Several:
    """A name that more than one bear."""

    choices: tuple[Addressee, ...]


def answered(arg: Arg, answer: str, known: Lexicon) -> Value | Several | None:
    """The value, or None when ``answer`` (stripped, not empty) cannot be read."""
    if arg.kind in TEXTS:
        return answer
    if arg.kind is ArgKind.FLAG:
        return Flag.ON
    if arg.kind is ArgKind.TARGET:
        found = tuple(target(answer, known))
        return found[0] if len(found) == 1 else (Several(found) if found else None)
    if arg.kind in MANY:
        return _many(arg, answer, known)
    mark = _MARKS.get(arg.kind, "")
    return READERS[arg.kind](arg, f"{mark}{answer.removeprefix(mark)}", known)


def _many(arg: Arg, answer: str, known: Lexicon) -> Value | None:
    found: tuple[object, ...] = ()
    for word in answer.replace(",", " ").split():
        mark = _MARKS[arg.kind]
        value = READERS[arg.kind](arg, f"{mark}{word.removeprefix(mark)}", known)
        if not isinstance(value, tuple):
            return None
        found = (*found, *value)
    return tuple(dict.fromkeys(found)) or None  # type: ignore[return-value]


def not_read(arg: Arg, answer: str, known: Lexicon) -> str:
    """What was wrong with an answer, and what is accepted."""
    if arg.kind in _NAMED:
        return _unknown(arg, answer, known)
    accepted = _ACCEPTED.get(arg.kind, " or ".join(arg.choices) or "what was asked for")
    return f"“{label(answer, 60)}” is not {accepted}."


def _unknown(arg: Arg, answer: str, known: Lexicon) -> str:
    """``No service is called nosuch.``: of several names those that nothing bears."""
    what, said = _NAMED[arg.kind], [answer]
    if arg.kind in MANY:
        said = [w for w in answer.replace(",", " ").split() if _many(arg, w, known) is None]
    noun, colon, name = answer.partition(":")
    if arg.kind is ArgKind.TARGET and colon and noun.casefold() in list(Noun):
        what, said = noun.casefold(), [name]
    names = " or ".join(label(word.strip().lstrip("@#"), 60) for word in said)
    return f"{'Nobody' if what == 'person' else f'No {what}'} is called {names}."
