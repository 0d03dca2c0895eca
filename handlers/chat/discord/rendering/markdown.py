"""Spans and lines in Discord's Markdown. What people typed is data: it cannot become a mention or a style."""

from __future__ import annotations

import re
from collections.abc import Mapping

from bot.core.chat.card import Clock, Code, Line, Link, Mention, Plain, RoomLink, Span, Strong, When

NAME = "discord"

_URL = re.compile(r"https?://[^\s<>\"\\|`*]+")
_SPECIAL = re.compile(r"([\\*_~`|<>\[\]])")
# Only at the beginning of a line do these make headings, lists and small print.
_AT_START = re.compile(r"^(\s*)(#{1,3}(?=\s)|-(?=[\s#])|\+(?=\s))", re.MULTILINE)
_NUMBERED = re.compile(r"^(\s*\d+)\.(?=\s)", re.MULTILINE)
_EVERYBODY = re.compile(r"@(?=everyone|here)", re.IGNORECASE)
_UNPRINTABLE = re.compile("[\x00-\x08\x0b-\x1f\x7f\ud800-\udfff]")
_STYLES = {Clock.TIME: "t", Clock.DATE: "D", Clock.RELATIVE: "R"}

# Invisible text, where Discord requires some.
BLANK = "\u200b"


def cleaned(text: str) -> str:
    """Without what cannot be sent: control characters, halves of characters."""
    return _UNPRINTABLE.sub("", text.replace("\r\n", "\n"))


def escaped(text: str) -> str:
    """Literal text. Addresses stay whole, so that they still lead somewhere."""
    parts: list[str] = []
    end = 0
    safe = cleaned(text)
    for found in _URL.finditer(safe):
        parts += [_literal(safe[end : found.start()]), found.group()]
        end = found.end()
    return _EVERYBODY.sub("@\u200b", "".join([*parts, _literal(safe[end:])]))


def _literal(text: str) -> str:
    styled = _SPECIAL.sub(r"\\\1", text)
    return _NUMBERED.sub(r"\1\\.", _AT_START.sub(r"\1\\\2", styled))


def flat(text: str) -> str:
    """On one line."""
    return " ".join(cleaned(text).split())


def line_of(line: Line, people: Mapping[str, str]) -> str:
    """One line; ``people`` maps our ids to Discord's."""
    return "".join(_span(span, people) for span in line)


def _span(span: Span, people: Mapping[str, str]) -> str:
    said = ""
    match span:
        case Plain(text):
            said = escaped(text)
        case Strong(text):
            said = _around("**", escaped(text))
        case Code(text):
            said = _around("`", flat(text).replace("`", "ˋ"))
        case Mention(person, name):
            said = f"<@{people[person]}>" if person in people else escaped(name)
        case When(at, style):
            said = f"<t:{int(at.timestamp())}:{_STYLES[style]}>"
        case Link(text, url):
            said = _link(flat(text) or url, url)
        case RoomLink():
            said = _room(span)
    return said


def _room(span: RoomLink) -> str:
    if span.platform == NAME:
        return f"<#{span.room}>"
    return _link(f"#{span.name}", span.url) if span.url else escaped(f"#{span.name}")


def _around(mark: str, text: str) -> str:
    inner = text.strip()
    if not inner:
        return text
    head, _, tail = text.partition(inner)
    return f"{head}{mark}{inner}{mark}{tail}"


def _link(text: str, url: str) -> str:
    safe = re.sub(r"[\s()<>]", lambda m: f"%{ord(m.group()):02X}", url)
    words = escaped(text)
    # Discord shows no link whose words are an address themselves.
    return f"<{safe}>" if _URL.search(text) else f"[{words}]({safe})"


def quoted(text: str) -> str:
    return "\n".join(f"> {line}" for line in escaped(text).split("\n"))
