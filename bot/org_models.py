"""The shape of the organisation file, field by field, and what each field accepts.

Whether a name that refers to something finds it is for ``org_checks`` to say.
"""

from __future__ import annotations

import functools
import re
import string
from collections.abc import Callable, Mapping
from datetime import timedelta
from difflib import get_close_matches
from typing import Annotated, Any
from urllib.parse import urlsplit
from zoneinfo import available_timezones

from pydantic import BaseModel, ConfigDict, Field, model_validator
from pydantic import PlainValidator as Read

from bot.domain.escalation import Direction, Target, TargetKind
from bot.domain.when import duration

_KEY = re.compile(r"\w[\w.-]{0,63}")
_EMAIL = re.compile(r"[^\s@,]+@[^\s@,]+")
_TRUTH = {"true": True, "yes": True, "false": False, "no": False}
_ZERO = re.compile(r"0[hms]?")
# Other platforms may come as plugins, so only what is nearly one of these is wrong.
_PLATFORMS = ("slack", "discord", "console")
_LONGEST_TEXT = 300


def near(name: str, known: list[str]) -> str:
    """A hint to the likeliest name meant, or nothing."""
    found = get_close_matches(name, known, 1)
    return f" did you mean {found[0]}?" if found else ""


# --- what single values may be -----------------------------------------------------------------


def _text(value: object) -> str:
    words = value.strip() if isinstance(value, str) else ""
    if not words or len(words) > _LONGEST_TEXT or not words.isprintable():
        raise ValueError(f"must be text on one line, at most {_LONGEST_TEXT} characters.")
    return words


def _key(value: object) -> str:
    if not isinstance(value, str) or not _KEY.fullmatch(value):
        raise ValueError("must be up to 64 letters, digits, dots, dashes or underscores.")
    return value


def _person_key(value: object) -> str:
    if value == "tocsin":
        raise ValueError("is the bot's own name; take another one.")
    return _key(value)


def _whole(lowest: int, highest: int) -> Callable[[object], int]:
    def read(value: object) -> int:
        if not isinstance(value, str) or not re.fullmatch(r"[0-9]{1,9}", value):
            value = "-1"
        if not lowest <= int(value) <= highest:
            raise ValueError(f"must be a whole number from {lowest} to {highest}.")
        return int(value)

    return read


def _truth(value: object) -> bool:
    if not isinstance(value, str) or value.lower() not in _TRUTH:
        raise ValueError("must be true or false.")
    return _TRUTH[value.lower()]


@functools.cache
def _zones() -> frozenset[str]:
    # The library looks through every folder of zones each time it is asked.
    return frozenset(available_timezones())


def _zone(value: object) -> str:
    if not isinstance(value, str) or value not in _zones():
        hint = near(str(value), sorted(_zones()))
        raise ValueError(f"must be an IANA time zone such as Europe/Berlin;{hint or ' or UTC.'}")
    return value


def _email(value: object) -> str:
    if not isinstance(value, str) or not _EMAIL.fullmatch(value):
        raise ValueError("must be one e-mail address.")
    return value


def _discord(value: object) -> str:
    if not isinstance(value, str) or not re.fullmatch(r"[0-9]{1,20}", value):
        raise ValueError("must be the number that Discord's menu Copy User ID gives.")
    return value


def _address(value: object) -> str:
    if not isinstance(value, str) or not _is_address(value):
        raise ValueError("must be an address that begins with https:// or http://.")
    return value


def _is_address(text: str) -> bool:
    try:
        parts = urlsplit(text)
    except ValueError:
        return False
    return parts.scheme in ("http", "https") and bool(parts.netloc) and text.isprintable()


def _call(value: object) -> str:
    template = string.Template(_address(value))
    if not template.is_valid() or not set(template.get_identifiers()) <= {"reference", "token"}:
        raise ValueError("may hold $reference and $token, and $$ for a dollar.")
    return template.template


def _platform(value: object) -> str:
    name = _key(value)
    meant = get_close_matches(name, _PLATFORMS, 1, 0.85)
    if meant and name not in _PLATFORMS:
        raise ValueError(f"{name} is no chat platform; did you mean {meant[0]}?")
    return name


def _guests(value: object) -> str:
    if value not in ("deny", "allow"):
        raise ValueError("must be deny or allow.")
    return str(value)


def _direction(value: object) -> Direction:
    if value not in set(Direction):
        raise ValueError(f"must be {' or '.join(Direction)}.")
    return Direction(str(value))


def _target(value: object) -> Target:
    kind, _, name = value.partition(":") if isinstance(value, str) else ("", "", "")
    if kind not in set(TargetKind) or not name:
        raise ValueError("must be person:…, team:…, schedule:… or channel:….")
    return Target(TargetKind(kind), name)


def _wait(value: object) -> timedelta:
    text = value if isinstance(value, str) else ""
    found = timedelta(0) if _ZERO.fullmatch(text) else duration(text)
    if found is None:
        raise ValueError("must be a duration such as 0m, 5m or 1h30m.")
    return found


Text = Annotated[str, Read(_text)]
Key = Annotated[str, Read(_key)]
PersonKey = Annotated[str, Read(_person_key)]
Platform = Annotated[str, Read(_platform)]
Zone = Annotated[str, Read(_zone)]
Notified = Annotated[Target, Read(_target)]


# --- the file ----------------------------------------------------------------------------------


class Strict(BaseModel):
    """Other fields are mistakes. A field without a value is as good as absent."""

    model_config = ConfigDict(extra="forbid", frozen=True)

    @model_validator(mode="before")
    @classmethod
    def _without_nothing(cls, data: Any) -> Any:
        if isinstance(data, Mapping):
            return {k: v for k, v in data.items() if v is not None or k not in cls.model_fields}
        return {} if data is None else data


class PersonModel(Strict):
    name: Text
    email: Annotated[str | None, Read(_email)] = None
    timezone: Zone | None = None
    slack: Text | None = None
    discord: Annotated[str | None, Read(_discord)] = None
    console: Text | None = None
    identities: dict[Platform, Text] = {}
    admin: Annotated[bool, Read(_truth)] = False


class TeamModel(Strict):
    name: Text | None = None
    members: list[Key] = []
    managers: list[Key] = []


class ServiceModel(Strict):
    team: Key | None = None
    tier: Annotated[int | None, Read(_whole(1, 5))] = None
    depends_on: list[Key] = []
    escalation: Key | None = None
    component: Key | None = None
    runbooks: list[Annotated[str, Read(_address)]] = []


class StepModel(Strict):
    notify: list[Notified] = Field(min_length=1)
    after: Annotated[timedelta, Read(_wait)] = timedelta(0)
    kind: Annotated[Direction, Read(_direction)] = Direction.FUNCTIONAL


class PolicyModel(Strict):
    steps: list[StepModel] = Field(min_length=1)
    repeat: Annotated[int, Read(_whole(1, 20))] = 1


class CatchAllModel(Strict):
    notify: list[Notified] = Field(min_length=1)


class ComponentModel(Strict):
    name: Text
    group: Text = ""
    description: Text = ""


class SlackModel(Strict):
    guests: Annotated[str, Read(_guests)] = "deny"


class DiscordModel(Strict):
    allowed_roles: list[Text] = []


class ChatModel(Strict):
    announce: dict[Platform, Text] = {}
    call: Annotated[str, Read(_call)] = ""
    rooms: list[Platform] = [*_PLATFORMS]
    slack: SlackModel = SlackModel()
    discord: DiscordModel = DiscordModel()


class FileModel(Strict):
    organisation: Text
    timezone: Zone = "UTC"
    chat: ChatModel = ChatModel()
    people: dict[PersonKey, PersonModel] = Field(min_length=1)
    teams: dict[Key, TeamModel] = {}
    services: dict[Key, ServiceModel] = {}
    schedules: dict[Key, dict[str, Any]] = {}
    escalations: dict[Key, PolicyModel] = {}
    catch_all: CatchAllModel
    components: dict[Key, ComponentModel] = {}
