"""The part of the organisation file that says how people are reached: channels, personal rules, policies."""

from __future__ import annotations

import re
from datetime import time, timedelta
from string import Template
from typing import Annotated

from pydantic import Field
from pydantic import PlainValidator as Read

from bot.core.declared.fields import (
    Key,
    Notified,
    Strict,
    a_clock,
    a_direction,
    a_severity,
    a_wait,
    a_whole,
)
from bot.core.escalation import Choose, Direction
from bot.core.severity import Severity

# What a channel's address may say of the person; capitals are variables of the environment.
OF_PERSON = ("phone", "email", "address", "person")
_VARIABLE = re.compile(r"[A-Z][A-Z0-9_]*")
_SCHEME = re.compile(r"[a-z][a-z0-9+.-]*://\S+|\$\{[A-Z][A-Z0-9_]*\}\S*")
# Nothing that a person would write by hand is as long as a token.
_TOKEN = re.compile(r"[A-Za-z0-9_-]{20,}")


def _channel_url(value: object) -> str:
    template = Template(value if isinstance(value, str) else "")
    if not template.is_valid() or not _SCHEME.fullmatch(template.template):
        raise ValueError("must be an Apprise address such as ${SMS_URL}/$phone.")
    odd = [
        n for n in template.get_identifiers() if n not in OF_PERSON and not _VARIABLE.fullmatch(n)
    ]
    if odd:
        allowed = ", ".join(f"${name}" for name in OF_PERSON)
        raise ValueError(
            f"has ${odd[0]}; allowed: {allowed} and ${{VARIABLES}} of the environment."
        )
    literal = re.sub(r"\$\{?\w+\}?", "$", template.template)
    before = literal.partition("://")[2].rpartition("@")[0]
    if re.search(r":[^$/]", before) or _TOKEN.search(literal):
        raise ValueError(
            "holds what looks like a secret; name a variable of the environment: ${SMS_URL}."
        )
    return template.template


def _choose(value: object) -> Choose:
    if value not in set(Choose):
        raise ValueError(f"must be {' or '.join(Choose)}.")
    return Choose(str(value))


class HoursModel(Strict):
    start: Annotated[time, Read(a_clock)]
    end: Annotated[time, Read(a_clock)]


class RuleModel(Strict):
    by: list[Key] = Field(min_length=1)
    after: Annotated[timedelta, Read(a_wait)] = timedelta(0)


class RulesModel(Strict):
    high: list[RuleModel] = Field(default_factory=list)
    low: list[RuleModel] = Field(default_factory=list)


class ChannelModel(Strict):
    url: Annotated[str, Read(_channel_url)]


class StepModel(Strict):
    notify: list[Notified] = Field(min_length=1)
    after: Annotated[timedelta, Read(a_wait)] = timedelta(0)
    kind: Annotated[Direction, Read(a_direction)] = Direction.FUNCTIONAL
    severity: list[Annotated[Severity, Read(a_severity)]] = Field(default_factory=list)
    hours: HoursModel | None = None
    choose: Annotated[Choose, Read(_choose)] = Choose.ALL


class PolicyModel(Strict):
    steps: list[StepModel] = Field(min_length=1)
    repeat: Annotated[int, Read(a_whole(1, 20))] = 1
    ack_timeout: Annotated[timedelta | None, Read(a_wait)] = None
