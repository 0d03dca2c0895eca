"""Cards and forms to JSON and back, for storage and for the wire."""

from __future__ import annotations

from functools import cache
from typing import Any

from pydantic import TypeAdapter

from bot.core.chat.card import Card, Form


@cache
def _cards() -> TypeAdapter[Card]:
    return TypeAdapter(Card)


@cache
def _forms() -> TypeAdapter[Form]:
    return TypeAdapter(Form)


def card_json(card: Card) -> str:
    """The card as one line of JSON; equal cards give equal text."""
    return _cards().dump_json(card).decode()


def card_from(text: str) -> Card:
    """The inverse of ``card_json``."""
    return _cards().validate_json(text)


def card_data(card: Card) -> dict[str, Any]:
    """The card as JSON-ready values."""
    data: dict[str, Any] = _cards().dump_python(card, mode="json")
    return data


def form_data(form: Form) -> dict[str, Any]:
    """The form as JSON-ready values."""
    data: dict[str, Any] = _forms().dump_python(form, mode="json")
    return data
