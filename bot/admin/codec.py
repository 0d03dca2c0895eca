"""Requests and answers to JSON and back. The dataclasses say what is right; nothing here knows a verb."""

from __future__ import annotations

from typing import Any, TypeVar

from pydantic import TypeAdapter, ValidationError
from pydantic_core import ErrorDetails

from bot.admin.request import Request
from bot.core.errors import Fault, Invalid

T = TypeVar("T")
R = TypeVar("R", bound=Request[Any])


# Made once a type, which takes its time.
_ADAPTERS: dict[type, TypeAdapter[Any]] = {}


def _adapter(kind: type[T]) -> TypeAdapter[T]:
    if kind not in _ADAPTERS:
        _ADAPTERS[kind] = TypeAdapter(kind)
    return _ADAPTERS[kind]


def encode(value: object) -> bytes:
    """A request or an answer as JSON. Equal values give equal bytes."""
    return _adapter(type(value)).dump_json(value, by_alias=True)


def plain(answer: object) -> dict[str, Any]:
    """An answer as JSON-ready values, in the order of its fields."""
    found: dict[str, Any] = _adapter(type(answer)).dump_python(answer, mode="json", by_alias=True)
    return found


def bounded(body: bytes, limit: int) -> bytes:
    """``body``, of at most ``limit`` bytes. Raises ``Invalid`` when it is longer."""
    if len(body) > limit:
        raise Invalid(f"That is more than {limit >> 10} KiB, which is all that this request takes.")
    return body


def decode_request(kind: type[R], body: bytes, limit: int) -> R:
    """Looks at the length first. Raises ``Invalid`` with the field that is wrong."""
    try:
        return _adapter(kind).validate_json(bounded(body, limit))
    except ValidationError as error:
        found = error.errors(include_url=False, include_input=False)[0]
        raise Invalid(_sentence(kind, found)) from None


def decode_answer(kind: type[T], body: bytes) -> T:
    """Raises ``Fault``: what answered is no Tocsin of this version."""
    try:
        return _adapter(kind).validate_json(body)
    except ValidationError as error:
        found = error.errors(include_url=False, include_input=False)[0]
        where = _place(found) or "it"
        raise Fault(
            f"The bot's answer cannot be read ({where}); the bot and the command differ in version."
        ) from None


def _sentence(kind: type[Request[Any]], found: ErrorDetails) -> str:
    match found["type"]:
        case "json_invalid":
            return "The body is no JSON."
        case "dataclass_type" if not found["loc"]:
            return "The body is no JSON object."
        case "unexpected_keyword_argument":
            known = ", ".join(wire_fields(kind)) or "none"
            return (
                f"{_place(found)} is no field of this request; its fields: {known}. "
                "The bot and the command may differ in version."
            )
        case "missing":
            return f"{_place(found)} is missing."
        case _:
            return f"{_place(found)}: {found['msg'].removeprefix('Value error, ')}."


def wire_fields(kind: type[Request[Any]]) -> list[str]:
    """The names that a request's JSON may have."""
    schema = _adapter(kind).json_schema(by_alias=True)
    return sorted(schema.get("properties", {}))


def _place(found: ErrorDetails) -> str:
    return ".".join(str(part) for part in found["loc"])
