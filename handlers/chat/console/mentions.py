"""Whom a message calls by name. The browser marks the same names: static/text.js. Pure."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator

from bot.core.chat.card import Bullets, Card, Context, Fields, Line, Mention, Text
from bot.core.people import Person, PersonId

_CODE = re.compile(r"```.*?```|`[^`\n]+`", re.DOTALL)
_AT = re.compile(r"(?<![\w@#/.])@(?=\w)")
_WORD = re.compile(r"[\w.-]*\w")


def in_text(text: str, people: Iterable[Person]) -> set[PersonId]:
    """Those named after an @: by full name, or by id up to the end of the word; not inside code."""
    plain = _CODE.sub(" ", text)
    known = list(people)
    found: set[PersonId] = set()
    for match in _AT.finditer(plain):
        after = plain[match.end() :].casefold()
        word = _WORD.match(after)
        named = (p.id for p in known if _begins(after, p.name.casefold()) or (word and word[0] == p.id.casefold()))  # fmt: skip
        found.update(named)
    return found


def _begins(after: str, name: str) -> bool:
    return after.startswith(name) and not after[len(name) : len(name) + 1].isalnum()


def in_card(card: Card) -> set[PersonId]:
    lines = (line for block in card.blocks for line in _lines(block))
    return {PersonId(s.person) for line in lines for s in line if isinstance(s, Mention)}


def _lines(block: object) -> Iterator[Line]:
    match block:
        case Text(line=line) | Context(line=line):
            yield line
        case Fields(items=items):
            yield from (item.line for item in items)
        case Bullets(items=items):
            yield from items
        case _:
            return
