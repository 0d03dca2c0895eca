"""A card as a Discord message: one ``match`` over the blocks. Pure; within the limits for any content."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from itertools import islice
from typing import Any
from urllib.parse import quote, urlsplit

from bot.core.chat.card import (
    Block,
    Bullets,
    Button,
    Buttons,
    Card,
    Checklist,
    Context,
    Field,
    Fields,
    Mention,
    Quote,
    Step,
    StepState,
    Style,
    Text,
    Tone,
)
from handlers.chat.discord.rendering import limits
from handlers.chat.discord.rendering.limits import clipped, size
from handlers.chat.discord.rendering.markdown import BLANK, escaped, flat, line_of, quoted
from handlers.chat.discord.rendering.presses import Ids

Payload = dict[str, Any]

_COLOURS = {Tone.NEUTRAL: 0x5B6B7F, Tone.GOOD: 0x2E9E5B, Tone.WARNING: 0xD99A1B, Tone.BAD: 0xD43C3C}
_SIGNS = {
    StepState.WAITING: "▫️",
    StepState.DONE: "✅",
    StepState.RETRYING: "🔁",
    StepState.FAILED: "❌",
}
_STYLES = {Style.PLAIN: 2, Style.PRIMARY: 1, Style.DANGER: 4}
_LINK, _ROW, _BUTTON, _SELECT = 5, 1, 2, 3
_MORE = "-# … shortened: the whole is on the incident's page."
# The bot's messages notify nobody but those whom a line of ours names.
SILENT: Payload = {"parse": []}
_CALLED = 30


def mentioned(card: Card) -> frozenset[str]:
    """Our ids of the people whom the card mentions."""
    return frozenset(
        span.person for line in _lines(card) for span in line if isinstance(span, Mention)
    )


def _lines(card: Card) -> Iterator[tuple[Any, ...]]:
    for block in card.blocks:
        match block:
            case Text(line) | Context(line):
                yield line
            case Fields(items):
                yield from (item.line for item in items)
            case Bullets(items):
                yield from items
            case Quote() | Checklist() | Buttons():
                continue


def calling(body: Payload, people: Mapping[str, str]) -> Payload:
    """The same message, calling the people whom it mentions: Discord looks for that in its first words,
    not in what is set apart below."""
    called = list(dict.fromkeys(people.values()))[:_CALLED]
    if not called:
        return body
    names = " ".join(f"<@{who}>" for who in called)
    room = limits.CONTENT - size(names) - 1
    first = f"{body['content']}\n{names}" if size(body["content"]) <= room else names
    return {**body, "content": first.strip(), "allowed_mentions": {"parse": [], "users": called}}


def message(card: Card, people: Mapping[str, str], ids: Ids, where: str = "") -> Payload:
    """The payload of a new message or of an edit. ``people`` maps our ids to Discord's; ``where`` is an
    address of ours that bears the mark when no component does.
    """
    rows = _rows(card, ids)
    embed = _embed(card, people)
    title = clipped(escaped(flat(card.title)), limits.CONTENT - 4)
    if _address(where) and not any(p.get("custom_id") for row in rows for p in row["components"]):
        if not (embed["description"] or embed["fields"]):
            embed["description"] = BLANK
        embed["url"] = f"{where}/#{quote(ids.mark)}"
    shown = bool(embed.get("description") or embed.get("fields"))
    if shown:
        embed["color"] = _COLOURS[card.tone]
    content = f"**{title}**" if title else ""
    return {
        "content": content or ("" if shown else BLANK),
        "embeds": [{k: v for k, v in embed.items() if v or k == "color"}] if shown else [],
        "components": rows,
        "allowed_mentions": SILENT,
    }


# --- words -------------------------------------------------------------------------------------


@dataclass(slots=True)
class _Sheet:
    """An embed as it fills: paragraphs first, then, once facts stand abreast, fields only."""

    text: list[str] = field(default_factory=list)
    fields: list[Payload] = field(default_factory=list)
    left: int = limits.EMBEDS_IN_ALL - size(_MORE) - 8
    full: bool = False

    def line(self, text: str) -> None:
        """Add a paragraph or a line; what does not fit any more is left out whole, and said."""
        if self.full or not text.strip():
            return
        cost = size(text) + 1
        if self.fields:
            self._tail(text, cost)
        elif cost <= self.left and self._written() + cost <= limits.EMBED_TEXT - size(_MORE) - 1:
            self.text.append(text)
            self.left -= cost
        else:
            self._stop(text)

    def _written(self) -> int:
        return sum(size(part) + 1 for part in self.text)

    def _tail(self, text: str, cost: int) -> None:
        last = self.fields[-1]
        joined = f"{last['value']}\n{text}"
        if last["name"] == BLANK and size(joined) <= limits.FIELD_TEXT and cost <= self.left:
            last["value"] = joined
            self.left -= cost
        else:
            self.fact(BLANK, text, inline=False)

    def fact(self, name: str, text: str, *, inline: bool = True) -> None:
        value = _whole(text, limits.FIELD_TEXT)
        cost = size(name) + size(value)
        if self.full:
            return
        if cost > self.left or len(self.fields) >= limits.FIELDS - 1:
            self._stop("")
            return
        self.fields.append({"name": name, "value": value or BLANK, "inline": inline})
        self.left -= cost

    def _stop(self, text: str) -> None:
        """Full. One long line of ours alone is begun, so that something of it is seen."""
        room = min(self.left, limits.EMBED_TEXT - size(_MORE) - 1 - self._written())
        if text and not self.text and room > 200:
            self.text.append(_whole(text, room))
        self.full = True

    def embed(self) -> Payload:
        if self.full and self.fields:
            self.fields.append({"name": BLANK, "value": _MORE, "inline": False})
        elif self.full:
            self.text.append(_MORE)
        return {"description": "\n".join(self.text), "fields": self.fields}


def _whole(text: str, limit: int) -> str:
    """Shortened where no escape, mention or link is cut in two: at the last space, else at all."""
    short = clipped(text, limit)
    if short == text:
        return text
    for opening, closing in (("[", ")"), ("<", ">"), ("**", "**"), ("`", "`")):
        start = short.rfind(opening)
        if start >= 0 and closing not in short[start + len(opening) :] and short.count(opening) % 2:
            short = short[:start]
    return f"{short.rstrip('…').rstrip(chr(92)).rstrip()}…"


def _embed(card: Card, people: Mapping[str, str]) -> Payload:
    sheet = _Sheet()
    for block in card.blocks:
        _write(sheet, block, people)
    return sheet.embed()


def _write(sheet: _Sheet, block: Block, people: Mapping[str, str]) -> None:
    for text in _texts(block, people):
        sheet.line(text)
    for item in block.items if isinstance(block, Fields) else ():
        sheet.fact(_name(item), line_of(item.line, people))


def _texts(block: Block, people: Mapping[str, str]) -> Sequence[str]:
    texts: Sequence[str] = ()
    match block:
        case Text(said):
            texts = (line_of(said, people),)
        case Context(said):
            texts = (_begun("-# ", line_of(said, people)),)
        case Bullets(items):
            texts = [_begun("- ", line_of(item, people)) for item in items]
        case Quote(words):
            texts = quoted(words).split("\n")
        case Checklist(steps):
            texts = [_step(step) for step in steps]
        case Fields() | Buttons():
            pass
    return texts


def _begun(before: str, text: str) -> str:
    """List items and small print end with their line."""
    return before + " ".join(text.split("\n")) if text.strip() else ""


def _step(step: Step) -> str:
    detail = f" – {escaped(step.detail)}" if step.detail else ""
    return _begun(f"{_SIGNS[step.state]} ", escaped(step.label) + detail)


def _name(item: Field) -> str:
    return clipped(escaped(flat(item.label)), limits.FIELD_NAME) or BLANK


# --- components --------------------------------------------------------------------------------


def _rows(card: Card, ids: Ids) -> list[Payload]:
    """Each block's buttons begin a row while there are rows; what is more than fits is offered in a list."""
    blocks = [block.items for block in card.blocks if isinstance(block, Buttons)]
    needed = sum(-(-len(items) // limits.BUTTONS_A_ROW) for items in blocks)
    if needed > limits.ROWS:
        blocks = [tuple(button for items in blocks for button in items)]
    rows = [chunk for items in blocks for chunk in _chunks(_sendable(items))]
    if len(rows) <= limits.ROWS:
        return [_row(_button(button, ids) for button in row) for row in rows]
    first = [_row(_button(button, ids) for button in row) for row in rows[: limits.ROWS - 1]]
    rest = [button for row in rows[limits.ROWS - 1 :] for button in row if not button.url]
    return [*first, _row([_list(rest, ids)])] if rest else first


def _sendable(items: tuple[Button, ...]) -> tuple[Button, ...]:
    """Without links that Discord refuses, which would cost the whole message."""
    return tuple(button for button in items if not button.url or _address(button.url))


def _chunks(items: tuple[Button, ...]) -> Iterator[tuple[Button, ...]]:
    for start in range(0, len(items), limits.BUTTONS_A_ROW):
        yield items[start : start + limits.BUTTONS_A_ROW]


def _row(parts: Iterable[Payload]) -> Payload:
    return {"type": _ROW, "components": list(parts)}


def _button(button: Button, ids: Ids) -> Payload:
    label = clipped(flat(button.label), limits.LABEL) or "…"
    if button.url:
        return {"type": _BUTTON, "style": _LINK, "label": label, "url": _address(button.url)}
    return {
        "type": _BUTTON,
        "style": _STYLES[button.style],
        "label": label,
        "custom_id": ids.of(button),
    }


def _address(url: str) -> str:
    """An address as Discord takes it: http(s), a host with a dot, 512 characters. Else nothing."""
    try:
        parts = urlsplit(url)
        host = parts.hostname or ""
    except ValueError:
        return ""
    well_formed = parts.scheme in ("http", "https") and "." in host and url.isprintable()
    return url if well_formed and " " not in url and size(url) <= limits.URL else ""


def _list(buttons: Iterable[Button], ids: Ids) -> Payload:
    """A select: its values are ids like those of buttons."""
    return {
        "type": _SELECT,
        "custom_id": f"{ids.mark}:list:",
        "placeholder": "More …",
        "options": [
            {
                "label": clipped(flat(button.label), limits.OPTION_TEXT) or "…",
                "value": ids.of(button),
            }
            for button in islice(buttons, limits.OPTIONS)
        ],
    }
