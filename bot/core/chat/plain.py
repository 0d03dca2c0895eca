"""A card as plain text: for terminals, logs of drills, and wherever nothing else can be shown."""

from __future__ import annotations

from bot.core.chat.card import (
    Block,
    Bullets,
    Button,
    Buttons,
    Card,
    Checklist,
    Code,
    Context,
    Fields,
    Form,
    Line,
    Link,
    Mention,
    Plain,
    Quote,
    RoomLink,
    Span,
    StepState,
    Strong,
    Text,
    When,
)
from bot.core.chat.card import Clock as Style

_MARKS = {
    StepState.DONE: "[x]",
    StepState.WAITING: "[ ]",
    StepState.RETRYING: "[~]",
    StepState.FAILED: "[!]",
}

_CLOCKS = {Style.DATE: "%Y-%m-%d", Style.TIME: "%H:%M UTC"}


def card_text(card: Card) -> str:
    """Title and blocks, a line each. Control characters are removed: a terminal would execute them."""
    parts = [card.title, *(_block(block) for block in card.blocks)]
    return "\n".join(shown for part in parts if (shown := clean(part)))


def form_text(form: Form) -> str:
    """What a form asks for, since a terminal does not open one."""
    asked = ", ".join(each.label[:1].lower() + each.label[1:] for each in form.inputs)
    return clean(f"{form.title}. Asked for: {asked}")


def clean(text: str) -> str:
    """Without the characters that would move a terminal's cursor or change its colours."""
    return "".join(c for c in text if c.isprintable() or c in "\n\u200c\u200d")


def _block(block: Block) -> str:  # noqa: PLR0911 - one way for each kind of block
    match block:
        case Text() | Context():
            return _line(block.line)
        case Fields():
            return "\n".join(f"{item.label}: {_line(item.line)}" for item in block.items)
        case Bullets():
            return "\n".join(f"- {_line(item)}" for item in block.items)
        case Quote():
            return "\n".join(f"  {row}" for row in block.text.splitlines())
        case Checklist():
            return "\n".join(
                f"{_MARKS[step.state]} {step.label} {step.detail}".rstrip() for step in block.items
            )
        case Buttons():
            return "\n".join(_button(button) for button in block.items)


def _button(button: Button) -> str:
    if button.url:
        return f"  {button.label}: {button.url}"
    slash = "" if button.command.startswith("/") else "/incident "
    return f"  {button.label}: {slash}{button.command}"


def _line(line: Line) -> str:
    return "".join(_span(span) for span in line)


def _span(span: Span) -> str:
    match span:
        case Plain() | Strong() | Code():
            return span.text
        case Mention():
            return f"@{span.name}"
        case When():
            return span.at.strftime(_CLOCKS.get(span.style, "%Y-%m-%d %H:%M UTC"))
        case Link():
            return f"{span.text} ({span.url})"
        case RoomLink():
            return f"#{span.name}"
