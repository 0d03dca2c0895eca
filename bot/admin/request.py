"""What requests and answers are made of, and how their values look in JSON."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime
from typing import Annotated, ClassVar, Generic, TypeVar

from pydantic import AwareDatetime, PlainSerializer, PlainValidator

from bot.core.severity import Severity

# The type of a request's answer: read by the type checker alone.
A = TypeVar("A")


def wire_name(field: str) -> str:
    """A field's name in JSON. One that Python keeps for itself has an underscore behind it here: ``as_``."""
    return field.removesuffix("_")


def _severity(found: object) -> Severity:
    """Raises ``ValueError`` with what is accepted."""
    if isinstance(found, Severity):
        return found
    by_label = {each.label: each for each in Severity}
    if not isinstance(found, str) or found not in by_label:
        raise ValueError(f"should be one of {', '.join(by_label)}")
    return by_label[found]


def _label(severity: Severity) -> str:
    return severity.label


# ISO 8601 with its offset; one without is refused.
Instant = Annotated[AwareDatetime, PlainSerializer(datetime.isoformat, return_type=str)]
# SEV1 to SEV5, as people read it.
SeverityLabel = Annotated[
    Severity, PlainValidator(_severity), PlainSerializer(_label, return_type=str)
]

_Config = dict[str, bool | str | Callable[[str], str]]


@dataclass(frozen=True, slots=True, kw_only=True)
class Request(Generic[A]):
    """Something to ask, answered by an ``A``. Fields are checked strictly, and no others are accepted."""

    __pydantic_config__: ClassVar[_Config] = {
        "extra": "forbid",
        "strict": True,
        "alias_generator": wire_name,
    }


@dataclass(frozen=True, slots=True, kw_only=True)
class PersonalRequest(Request[A]):
    """``as_`` is the key of the person of the organisation who asks; the operator when empty."""

    as_: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class Answer:
    """What comes back. Fields of a later version are passed over by whoever reads it."""

    __pydantic_config__: ClassVar[_Config] = {"alias_generator": wire_name}
