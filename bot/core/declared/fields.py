"""What single values of the organisation file may be, and the words for those that may not."""

from __future__ import annotations

import functools
import re
import string
from collections.abc import Callable, Mapping, Sequence
from datetime import time, timedelta
from difflib import get_close_matches
from typing import Annotated, Any
from urllib.parse import urlsplit
from zoneinfo import available_timezones

from pydantic import BaseModel, ConfigDict, ValidationInfo, model_validator
from pydantic import PlainValidator as Read

from bot.core.escalation import Direction, Target, TargetKind
from bot.core.severity import Severity
from bot.core.times.when import duration

_KEY = re.compile(r"\w[\w.-]{0,63}")
_EMAIL = re.compile(r"[^\s@,]+@[^\s@,]+")
_TRUTH = {"true": True, "yes": True, "false": False, "no": False}
_PHONE = re.compile(r"\+?[0-9][0-9 ()./-]{2,28}[0-9]")
_CLOCK = re.compile(r"([01]?[0-9]|2[0-3]):([0-5][0-9])")
_ZERO = re.compile(r"0[hms]?")
_LONGEST_TEXT = 300


def near(name: str, known: list[str]) -> str:
    """A hint to the likeliest name meant, or nothing."""
    found = get_close_matches(name, known, 1)
    return f" did you mean {found[0]}?" if found else ""


# --- what single values may be -----------------------------------------------------------------


def a_text(value: object) -> str:
    words = value.strip() if isinstance(value, str) else ""
    if not words or len(words) > _LONGEST_TEXT or not words.isprintable():
        raise ValueError(f"must be text on one line, at most {_LONGEST_TEXT} characters.")
    return words


def a_key(value: object) -> str:
    if not isinstance(value, str) or not _KEY.fullmatch(value):
        raise ValueError("must be up to 64 letters, digits, dots, dashes or underscores.")
    return value


def a_person_key(value: object) -> str:
    if value == "tocsin":
        raise ValueError("is the bot's own name; take another one.")
    return a_key(value)


def a_whole(lowest: int, highest: int) -> Callable[[object], int]:
    def read(value: object) -> int:
        if not isinstance(value, str) or not re.fullmatch(r"[0-9]{1,9}", value):
            value = "-1"
        if not lowest <= int(value) <= highest:
            raise ValueError(f"must be a whole number from {lowest} to {highest}.")
        return int(value)

    return read


def a_truth(value: object) -> bool:
    if not isinstance(value, str) or value.lower() not in _TRUTH:
        raise ValueError("must be true or false.")
    return _TRUTH[value.lower()]


@functools.cache
def _zones() -> frozenset[str]:
    # The library looks through every folder of zones each time it is asked.
    return frozenset(available_timezones())


def a_zone(value: object) -> str:
    if not isinstance(value, str) or value not in _zones():
        hint = near(str(value), sorted(_zones()))
        raise ValueError(f"must be an IANA time zone such as Europe/Berlin;{hint or ' or UTC.'}")
    return value


def an_email(value: object) -> str:
    if not isinstance(value, str) or not _EMAIL.fullmatch(value):
        raise ValueError("must be one e-mail address.")
    return value


def fitting(pattern: str, says: str) -> Callable[[object], str]:
    """Text that fits a regular expression as a whole; ``says`` is the sentence for what does not."""

    def read(value: object) -> str:
        if not isinstance(value, str) or not re.fullmatch(pattern, value):
            raise ValueError(says)
        return value

    return read


def one_of(choices: Sequence[str]) -> Callable[[object], str]:
    *others, last = choices
    allowed = f"{', '.join(others)} or {last}" if others else last

    def read(value: object) -> str:
        if value not in choices:
            raise ValueError(f"must be {allowed}.")
        return str(value)

    return read


def an_address(value: object) -> str:
    if not isinstance(value, str) or not _is_address(value):
        raise ValueError("must be an address that begins with https:// or http://.")
    return value


def _is_address(text: str) -> bool:
    try:
        parts = urlsplit(text)
    except ValueError:
        return False
    return parts.scheme in ("http", "https") and bool(parts.netloc) and text.isprintable()


def a_call(value: object) -> str:
    template = string.Template(an_address(value))
    if not template.is_valid() or not set(template.get_identifiers()) <= {"reference", "token"}:
        raise ValueError("may hold $reference and $token, and $$ for a dollar.")
    return template.template


def a_platform(value: object, info: ValidationInfo) -> str:
    """The context is the names of the platforms that are there. Others may come as plugins, so only what
    is nearly one of these is wrong."""
    name, known = a_key(value), info.context or ()
    meant = get_close_matches(name, known, 1, 0.85)
    if meant and name not in known:
        raise ValueError(f"{name} is no chat platform; did you mean {meant[0]}?")
    return name


def a_direction(value: object) -> Direction:
    if value not in set(Direction):
        raise ValueError(f"must be {' or '.join(Direction)}.")
    return Direction(str(value))


def a_target(value: object) -> Target:
    kind, _, name = value.partition(":") if isinstance(value, str) else ("", "", "")
    if kind not in set(TargetKind) or not name:
        raise ValueError("must be person:…, team:…, schedule:…, next:… (a schedule) or channel:….")
    return Target(TargetKind(kind), name)


def a_phone(value: object) -> str:
    if not isinstance(value, str) or not _PHONE.fullmatch(value):
        raise ValueError("must be a telephone number such as +49 30 5550123.")
    return value


def a_clock(value: object) -> time:
    found = _CLOCK.fullmatch(value) if isinstance(value, str) else None
    if found is None:
        raise ValueError("must be a time of day such as 22:00.")
    return time(int(found[1]), int(found[2]))


def a_severity(value: object) -> Severity:
    digits = value.lower().removeprefix("sev") if isinstance(value, str) else ""
    if digits not in {str(severity.value) for severity in Severity}:
        raise ValueError("must be one of sev1, sev2, sev3, sev4, sev5.")
    return Severity(int(digits))


def a_wait(value: object) -> timedelta:
    text = value if isinstance(value, str) else ""
    found = timedelta(0) if _ZERO.fullmatch(text) else duration(text)
    if found is None:
        raise ValueError("must be a duration such as 0m, 5m or 1h30m.")
    return found


Text = Annotated[str, Read(a_text)]
Key = Annotated[str, Read(a_key)]
PersonKey = Annotated[str, Read(a_person_key)]
Platform = Annotated[str, Read(a_platform)]
Zone = Annotated[str, Read(a_zone)]
Notified = Annotated[Target, Read(a_target)]


class Strict(BaseModel):
    """Other fields are mistakes. A field without a value is as good as absent."""

    model_config = ConfigDict(extra="forbid", frozen=True)

    @model_validator(mode="before")
    @classmethod
    def _without_nothing(cls, data: Any) -> Any:
        if isinstance(data, Mapping):
            return {k: v for k, v in data.items() if v is not None or k not in cls.model_fields}
        return {} if data is None else data
