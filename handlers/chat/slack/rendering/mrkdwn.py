"""Slack's markup: spans as pieces that are never cut in two, and text fitted into Slack's limits. Pure."""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Iterable, Mapping, Sequence

from bot.core.chat.card import Clock, Code, Line, Link, Mention, Plain, RoomLink, Span, Strong, When

# Slack's id of each person that a card mentions; who is not in it is named.
Ids = Mapping[str, str]

_PIECE = re.compile(r"\s+|\S+")
_LONGEST_WORD = 400
_MARKED = 600
# What Slack shows, each reader's own, and what is shown where it cannot.
_FORMATS = {
    Clock.TIME: ("{time}", "%H:%M UTC"),
    Clock.DATE: ("{date_short_pretty}", "%Y-%m-%d"),
    Clock.RELATIVE: ("{ago}", "%Y-%m-%d %H:%M UTC"),
}


def escape(text: str) -> str:
    """Text as data: the three characters that Slack reads, and nothing else (its documented rule)."""
    return text.replace("&", "&amp;").replace("<", "&lt;").replace(">", "&gt;")


def words(text: str) -> list[str]:
    """Escaped pieces of ``text`` that together are all of it; between two of them it may be cut."""
    found: list[str] = []
    for piece in _PIECE.findall(_readable(text)):
        parts = [piece[at : at + _LONGEST_WORD] for at in range(0, len(piece), _LONGEST_WORD)]
        found += [escape(part) for part in parts]
    return found


def _readable(text: str) -> str:
    """Without what Slack refuses or shows as nothing: control characters but newline and tab."""
    return "".join(c for c in text if c in "\n\t" or unicodedata.category(c) not in ("Cc", "Cs"))


def pieces(line: Line, ids: Ids) -> list[str]:
    """A line as markup in pieces."""
    return [piece for span in line for piece in _span(span, ids)]


def _span(span: Span, ids: Ids) -> list[str]:  # noqa: PLR0911 - one case a kind
    match span:
        case Plain():
            return words(span.text)
        case Strong():
            return _marked("*", span.text)
        case Code():
            return _marked("`", span.text.replace("`", "'"))
        case Mention():
            known = ids.get(span.person)
            return [f"<@{known}>"] if known else words(span.name)
        case When():
            return [_moment(span)]
        case Link():
            return _link(span.text, span.url)
        case RoomLink():
            return _room(span)


def _marked(mark: str, text: str) -> list[str]:
    """Emphasised as a whole while it is short; on one line, since emphasis ends with the line."""
    flat = " ".join(_readable(text).split())
    if not flat or len(flat) > _MARKED:
        return words(text)
    ends = text[:1].isspace(), text[-1:].isspace()
    return [" " * ends[0] + f"{mark}{escape(flat)}{mark}" + " " * ends[1]]


def _moment(span: When) -> str:
    """Shown in the reader's own zone; relative times tick by themselves."""
    shown, fallback = _FORMATS[span.style]
    return f"<!date^{int(span.at.timestamp())}^{shown}|{span.at.strftime(fallback)}>"


def _link(text: str, url: str) -> list[str]:
    address = "".join(_safe(char) for char in url)
    label = " ".join(_readable(text).split())[:300] or "link"
    if len(address) > 2500 or not address.startswith(("http://", "https://")):
        return words(text)
    return [f"<{address}|{escape(label).replace('|', '¦')}>"]


def _safe(char: str) -> str:
    if char == "&":
        return "&amp;"
    if char in "<>|\"'`" or char.isspace() or not char.isprintable():
        return "".join(f"%{byte:02X}" for byte in char.encode(errors="replace"))
    return char


def _room(span: RoomLink) -> list[str]:
    if span.platform == "slack" and re.fullmatch(r"[A-Z0-9]{2,30}", span.room):
        return [f"<#{span.room}>"]
    return _link(f"#{span.name}", span.url) if span.url else words(f"#{span.name}")


def fitted(found: Iterable[str], limit: int) -> list[str]:
    """The pieces as texts of at most ``limit`` characters, cut between pieces; empty ones left out."""
    texts: list[str] = []
    held = ""
    for piece in found:
        if held and len(held) + len(piece) > limit:
            texts.append(held)
            held = ""
        held += piece if held or piece.strip() else ""
    texts.append(held)
    return [text for text in (each.strip("\n ") for each in texts) if text]


def cut(found: Sequence[str], limit: int) -> str:
    """One text of at most ``limit`` characters: what does not fit ends in an ellipsis after a word."""
    whole = "".join(found).strip()
    if len(whole) <= limit:
        return whole
    texts = fitted(found, limit - 2)
    return f"{texts[0].rstrip()} …" if texts else "…"


def label(text: str, limit: int) -> str:
    """Plain text for a button, a title or an option: one line, never empty, cut after a word."""
    flat = " ".join(_readable(text).split())
    if len(flat) <= limit:
        return flat or "…"
    short = flat[: limit - 1]
    space = short.rfind(" ")
    return (short[:space] if space > limit // 2 else short).rstrip() + "…"


def plain(line: Line) -> str:
    """A line as unmarked text, for titles and notifications."""
    return "".join(_plain(span) for span in line)


def _plain(span: Span) -> str:
    match span:
        case Plain() | Strong() | Code() | Link():
            return span.text
        case Mention():
            return span.name
        case When():
            return f"{span.at:%Y-%m-%d %H:%M} UTC"
        case RoomLink():
            return f"#{span.name}"
