"""Titles and other one-line texts: kept as typed, bounded, and unable to change the direction of other text."""

from __future__ import annotations

import re
import unicodedata

from bot.core.errors import Invalid

TITLE_LIMIT = 300

# Newlines of every kind, controls, and halves of surrogate pairs, which no database keeps.
_CONTROL = re.compile(r"[\x00-\x1f\x7f-\x9f\u2028\u2029\ud800-\udfff]")
_GAP = re.compile(r"[\s\x00-\x1f\x7f-\x9f\ud800-\udfff]+")
# Categories of which nothing is seen: separators, controls, formats.
_UNSEEN = ("Zs", "Zl", "Zp", "Cc", "Cf", "Cs")


def clean_title(raw: str) -> str:
    """The title as typed; white space with a newline or control character in it becomes one space.

    Nothing else is changed: two spaces, a private character and an emoji newer than this Python stay.
    What is too long ends with an ellipsis, between words. Raises ``Invalid`` for one that shows nothing.
    """
    title = one_line(raw).strip()
    if all(unicodedata.category(c) in _UNSEEN for c in title):
        raise Invalid("An incident needs a title: /incident declare <what is wrong>")
    return isolate(shortened(title, TITLE_LIMIT))


def one_line(text: str) -> str:
    """``text`` without newlines and control characters: each run of them, and white space beside it, is
    one space."""
    return _GAP.sub(lambda gap: " " if _CONTROL.search(gap[0]) else gap[0], text)


def shortened(text: str, limit: int) -> str:
    """At most ``limit`` characters: cut between words where there are any near, and an ellipsis."""
    if len(text) <= limit:
        return text
    head = text[: limit - 1]
    at = head.rfind(" ")
    return f"{head[:at] if at > limit // 2 else head}…"


def label(text: str, limit: int = 75) -> str:
    """A text for a button: one line, short, and closed in itself."""
    return isolate(shortened(one_line(text), limit))


_OPENERS = {"\u202a": "\u202c", "\u202b": "\u202c", "\u202d": "\u202c", "\u202e": "\u202c"}
_OPENERS |= {"\u2066": "\u2069", "\u2067": "\u2069", "\u2068": "\u2069"}


def isolate(text: str) -> str:
    """Close every bidirectional embedding or isolate that ``text`` opens (UAX 9, sections 2.1-2.6)."""
    stack: list[str] = []
    for char in text:
        if char in _OPENERS:
            stack.append(_OPENERS[char])
        elif stack and char == stack[-1]:
            stack.pop()
    return text + "".join(reversed(stack))
