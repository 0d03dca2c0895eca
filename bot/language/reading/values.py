"""One word as one argument: a reader for each kind. None means that it does not read as that."""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping, Sequence
from datetime import datetime

from bot.core.chat.card import Need
from bot.core.incident import MAIN_LINE, IncidentId, Role, Status
from bot.core.people import ServiceId
from bot.core.severity import Severity
from bot.core.times.when import duration, instant, period
from bot.language.outcomes import Lexicon
from bot.language.spec import Addressee, Arg, ArgKind, Noun, Value

_SEVERITY = re.compile(r"(?:sev-?|p)?([1-5])")
_PRIORITY = re.compile(r"p([1-5])")
_NUMBER = re.compile(r"#?([0-9]{1,9})")
_REFERENCE = re.compile(r"inc-([0-9]{1,12})")
_STATUSES = {status.value: status for status in (*MAIN_LINE, Status.CANCELLED)} | {
    "mitigated": Status.MONITORING,
    "fixed": Status.RESOLVED,
}
_ROLES = {role.value: role for role in Role} | {
    "lead": Role.COMMANDER,
    "comms": Role.COMMUNICATIONS,
    "ops": Role.OPERATIONS,
}
_CODE = re.compile(r"[A-Za-z0-9]{4}-[A-Za-z0-9]{4}")
_URL = re.compile(r"https?://[^\s<>]{1,2000}")


def _severity(arg: Arg, text: str, known: Lexicon) -> Severity | None:
    """A bare digit is a severity only where one is asked for."""
    found = _SEVERITY.fullmatch(text.casefold())
    if found is None or (text.isdigit() and arg.need is not Need.REQUIRED):
        return None
    return Severity(int(found[1]))


def _person(arg: Arg, text: str, known: Lexicon) -> str | None:
    return known.person(text[1:]) if text.startswith("@") else None


def _priority(arg: Arg, text: str, known: Lexicon) -> int | None:
    found = _PRIORITY.fullmatch(text.casefold())
    return None if found is None else int(found[1])


def _number(arg: Arg, text: str, known: Lexicon) -> int | None:
    found = _NUMBER.fullmatch(text)
    return None if found is None else int(found[1])


def _choice(arg: Arg, text: str, known: Lexicon) -> str | None:
    return text.casefold() if text.casefold() in arg.choices else None


def _service(arg: Arg, text: str, known: Lexicon) -> tuple[ServiceId, ...] | None:
    found = known.service(text[1:]) if text.startswith("#") else None
    return None if found is None else (found,)


def _addressee(arg: Arg, text: str, known: Lexicon) -> tuple[Addressee, ...] | None:
    found = holders(text[1:], known) if text.startswith("@") else ()
    people = tuple(who for who in found if who.noun in (Noun.PERSON, Noun.TEAM))
    return people[:1] or None


def target(text: str, known: Lexicon) -> Sequence[Addressee]:
    """Who is woken is never guessed: a prefix says what it is, a bare name may be several."""
    noun, colon, name = text.partition(":")
    if not colon:
        return holders(text.lstrip("@#"), known)
    return [who for who in holders(name, known) if who.noun == noun.casefold()]


def holders(name: str, known: Lexicon) -> tuple[Addressee, ...]:
    """Everything of that name."""
    found = (
        (Noun.PERSON, known.person(name)),
        (Noun.TEAM, known.team(name)),
        (Noun.SERVICE, known.service(name)),
        (Noun.SCHEDULE, known.schedule(name)),
    )
    return tuple(Addressee(noun, key) for noun, key in found if key is not None)


def reference(text: str) -> IncidentId | None:
    """``INC-42``, in any case."""
    found = _REFERENCE.fullmatch(text.casefold())
    return None if found is None else IncidentId(int(found[1]))


def moment(arg: Arg, text: str, known: Lexicon) -> datetime | None:
    return instant(text, known.now, known.zone, arg.reading)


Reader = Callable[[Arg, str, Lexicon], Value | None]

READERS: Mapping[ArgKind, Reader] = {
    ArgKind.STATUS: lambda arg, text, known: _STATUSES.get(text.casefold()),
    ArgKind.ROLE: lambda arg, text, known: _ROLES.get(text.casefold()),
    ArgKind.SEVERITY: _severity,
    ArgKind.PRIORITY: _priority,
    ArgKind.PERSON: _person,
    ArgKind.PEOPLE: _addressee,
    ArgKind.SERVICES: _service,
    ArgKind.TEAM: lambda arg, text, known: known.team(text.lstrip("@")),
    ArgKind.SCHEDULE: lambda arg, text, known: known.schedule(text),
    ArgKind.NUMBER: _number,
    ArgKind.CODE: lambda arg, text, known: text.upper() if _CODE.fullmatch(text) else None,
    ArgKind.REFERENCE: lambda arg, text, known: reference(text),
    ArgKind.DURATION: lambda arg, text, known: duration(text),
    ArgKind.TIME: moment,
    ArgKind.RANGE: lambda arg, text, known: period(text, known.now, known.zone),
    ArgKind.CHOICE: _choice,
    ArgKind.VERB: lambda arg, text, known: text.casefold(),
    ArgKind.URL: lambda arg, text, known: text if _URL.fullmatch(text) else None,
}
# Several in a row are one value.
MANY = (ArgKind.PEOPLE, ArgKind.SERVICES)
