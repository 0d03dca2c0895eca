"""A ``Card`` as Block Kit, within Slack's limits for any content. Pure; one ``match`` over the union."""

from __future__ import annotations

import base64
import zlib
from dataclasses import dataclass, field
from typing import Any

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
    Line,
    Quote,
    StepState,
    Style,
    Text,
    Tone,
)
from handlers.chat.slack.rendering.mrkdwn import (
    Ids,
    cut,
    escape,
    fitted,
    label,
    pieces,
    plain,
    words,
)

Json = dict[str, Any]

# Slack's documented limits: blocks a message and a view; characters of a section, a field, a header.
MESSAGE_BLOCKS, VIEW_BLOCKS = 50, 100
SECTION, FIELD, HEADER, CONTEXT = 3000, 2000, 150, 3000
FIELDS, BUTTONS, VALUE, LABEL = 10, 25, 2000, 75
# chat.update refuses a longer text; so none is ever posted.
FALLBACK = 4000
# Slack counts all texts of a message's blocks together too, and has refused 11,341 characters.
WHOLE = 10_000

_TONES = {Tone.BAD: "🔴 ", Tone.WARNING: "🟠 ", Tone.GOOD: "🟢 ", Tone.NEUTRAL: ""}
_STEPS = {
    StepState.WAITING: "▫️",
    StepState.DONE: "✅",
    StepState.RETRYING: "🔁",
    StepState.FAILED: "❌",
}
_STYLES = {Style.PRIMARY: "primary", Style.DANGER: "danger"}
# The prefix of a packed command; no command begins so.
_PACKED = "z:"
# How a button's id begins: PRESS stays as it is, ASK stands in a question that gives way to its answer,
# OPENS opens an address, so its press wants no answer.
PRESS, ASK, OPENS = "press", "ask", "opens"


@dataclass(slots=True)
class _Page:
    """Blocks so far, and how much room is left."""

    ids: Ids
    most: int
    whole: int = WHOLE
    blocks: list[Json] = field(default_factory=list)
    written: int = 0
    left_out: int = 0
    buttons: int = 0
    presses: str = PRESS

    def add(self, block: Json, length: int) -> None:
        """Add it if it fits; the last place is kept for saying what did not."""
        if len(self.blocks) >= self.most - 1 or self.written + length > self.whole:
            self.left_out += 1
            return
        self.blocks.append(block)
        self.written += length


def message(card: Card, ids: Ids) -> Json:
    """What chat.postMessage and chat.update take: ``text`` for notifications, and ``blocks``."""
    return {"text": fallback(card), "blocks": blocks(card, ids)}


def blocks(card: Card, ids: Ids, most: int = MESSAGE_BLOCKS) -> list[Json]:
    """At least one block, at most ``most``. Buttons are kept even when text must give way."""
    kept = [block for block in card.blocks if isinstance(block, Buttons)]
    kept_text = min(sum(map(_kept, kept)), WHOLE // 2)
    page = _Page(ids, most - len(kept), WHOLE - kept_text)
    page.presses = PRESS if card.title.strip() else ASK
    _title(page, card)
    for block in card.blocks:
        if isinstance(block, Buttons):
            page.most += 1
            page.whole = min(WHOLE, page.whole + _kept(block))
        _block(page, block)
    if page.left_out:
        page.blocks.append(_context(f"… {page.left_out} more not shown here."))
    return page.blocks or [_section("…")]


def _title(page: _Page, card: Card) -> None:
    if not card.title.strip():
        return
    shown = _TONES[card.tone] + " ".join(card.title.split())
    if len(shown) <= HEADER:
        text = {"type": "plain_text", "text": label(shown, HEADER), "emoji": True}
        page.add({"type": "header", "text": text}, len(shown))
        return
    for part in fitted(words(shown), SECTION - 2):
        page.add(_section(f"*{part}*" if "\n" not in part else part), len(part))


def _block(page: _Page, block: Block) -> None:  # noqa: C901 - one case a kind
    match block:
        case Text():
            _paragraphs(page, block.line)
        case Fields():
            _fields(page, block)
        case Bullets():
            _bullets(page, block)
        case Quote():
            _quote(page, block)
        case Context():
            for part in fitted(pieces(block.line, page.ids), CONTEXT):
                page.add(_context(part), len(part))
        case Checklist():
            lines = [_step(step.label, step.state, step.detail) for step in block.items]
            _lines(page, lines)
        case Buttons():
            _buttons(page, block)


def _section(text: str) -> Json:
    return {"type": "section", "text": _mrkdwn(text)}


def _mrkdwn(text: str) -> Json:
    """Verbatim: what looks like a channel, a mention or an address in the text stays text."""
    return {"type": "mrkdwn", "text": text, "verbatim": True}


def _context(text: str) -> Json:
    return {"type": "context", "elements": [_mrkdwn(text)]}


def _paragraphs(page: _Page, line: Line) -> None:
    for part in fitted(pieces(line, page.ids), SECTION):
        page.add(_section(part), len(part))


def _lines(page: _Page, lines: list[list[str]]) -> None:
    found = [piece for pieces_ in lines for piece in (*pieces_, "\n")]
    for part in fitted(found, SECTION):
        page.add(_section(part), len(part))


def _bullets(page: _Page, block: Bullets) -> None:
    _lines(page, [["• ", *pieces(item, page.ids)] for item in block.items])


def _step(name: str, state: StepState, detail: str) -> list[str]:
    told = ["  ", *words(label(detail, 300))] if detail and state is not StepState.DONE else []
    return [f"{_STEPS[state]} ", *words(label(name, 200)), *told]


def _quote(page: _Page, block: Quote) -> None:
    """Each line apart, since a quotation ends with its line."""
    quoted: list[str] = []
    for line in block.text.splitlines() or [""]:
        quoted += ["> ", *words(line), "\n"]
    for part in fitted(quoted, SECTION - 2):
        shown = part if part.startswith(">") else f"> {part}"
        page.add(_section(shown), len(shown))


def _fields(page: _Page, block: Fields) -> None:
    short: list[str] = []
    long: list[tuple[Field, list[str]]] = []
    for item in block.items:
        head = f"*{escape(label(item.label, 80))}*\n"
        value = pieces(item.line, page.ids)
        if len(head) + sum(map(len, value)) <= FIELD:
            short.append(head + ("".join(value).strip() or "–"))
        else:
            long.append((item, [head, *value]))
    for at in range(0, len(short), FIELDS):
        shown = [_mrkdwn(text) for text in short[at : at + FIELDS]]
        page.add({"type": "section", "fields": shown}, sum(map(len, short[at : at + FIELDS])))
    for _, parts in long:
        for part in fitted(parts, SECTION):
            page.add(_section(part), len(part))


def _buttons(page: _Page, block: Buttons) -> None:
    """The platform refuses two elements of one id; so they are numbered through the whole card."""
    shown = [each for each in block.items if pack(each.command) is not None]
    for at in range(0, len(shown), BUTTONS):
        elements = []
        for button in shown[at : at + BUTTONS]:
            elements.append(_button(button, page.presses, page.buttons))
            page.buttons += 1
        page.add({"type": "actions", "elements": elements}, _length(elements))
    if len(shown) < len(block.items):
        page.add(_context("Too long for a button here: shorten the text, or use the console."), 60)


def _button(button: Button, presses: str, number: int) -> Json:
    made: Json = {
        "type": "button",
        "action_id": f"{OPENS if button.url else presses}:{number}",
        "text": {"type": "plain_text", "text": label(button.label, LABEL), "emoji": True},
    }
    if button.url:
        return {**made, "url": button.url[:3000]}
    made["value"] = pack(button.command)
    if button.style in _STYLES:
        made["style"] = _STYLES[button.style]
    if button.confirm:
        made["confirm"] = _confirm(button)
    return made


def _kept(block: Buttons) -> int:
    """About how many characters these buttons will show, at most."""
    return sum(min(len(b.label), LABEL) + min(len(b.confirm), 300) + 60 for b in block.items)


def _length(elements: list[Json]) -> int:
    """The characters of buttons, their questions included."""
    asked = [each.get("confirm", {}) for each in elements]
    inner = [*elements, *(part for each in asked for part in each.values())]
    return sum(len(_text(each)) for each in inner)


def _text(value: Json) -> str:
    found = value.get("text", "")
    return str(found["text"]) if isinstance(found, dict) else str(found)


def _confirm(button: Button) -> Json:
    def said(text: str, limit: int) -> Json:
        return {"type": "plain_text", "text": label(text, limit)}

    return {
        "title": said("Sure?", 100),
        "text": said(button.confirm, 300),
        "confirm": said(button.label, 30),
        "deny": said("Cancel", 30),
    }


def pack(command: str) -> str | None:
    """A command as a button's value (at most 2000 characters), packed when it is long; None when even
    that is too long."""
    if len(command) <= VALUE and not command.startswith(_PACKED):
        return command
    packed = _PACKED + base64.b85encode(zlib.compress(command.encode(), 9)).decode()
    return packed if len(packed) <= VALUE else None


def unpack(value: str) -> str:
    """The inverse. Raises ``ValueError`` for what we did not pack."""
    if not value.startswith(_PACKED):
        return value
    try:
        unpacker = zlib.decompressobj()
        return unpacker.decompress(base64.b85decode(value[2:]), 20_000).decode()
    except zlib.error as error:
        raise ValueError(value[:20]) from error


def fallback(card: Card) -> str:
    """The card as escaped text for notifications and screen readers, at most 4000 characters."""
    said = [_TONES[card.tone] + card.title] if card.title.strip() else []
    said += [text for text in map(_said, card.blocks) if text.strip()]
    return cut(words("\n".join(said)[: 2 * FALLBACK]), FALLBACK) or "…"


def _said(block: Block) -> str:  # noqa: PLR0911 - one case a kind
    match block:
        case Text() | Context():
            return plain(block.line)
        case Fields():
            return "\n".join(f"{item.label}: {plain(item.line)}" for item in block.items)
        case Bullets():
            return "\n".join(f"• {plain(item)}" for item in block.items)
        case Quote():
            return block.text
        case Checklist():
            return "\n".join(f"{_STEPS[s.state]} {s.label} {s.detail}" for s in block.items)
        case Buttons():
            return ""
