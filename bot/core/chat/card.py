"""The platform-neutral card: a closed union of blocks made of spans, and forms.

A span is data or a reference, never markup, so that text typed by people cannot become a mention,
a link or a tag on any surface. Renderers live with the platforms, one ``match`` each.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum
from typing import Literal

# --- spans: what stands in a line -------------------------------------------------------------


@dataclass(frozen=True, slots=True)
class Plain:
    """Literal text. Renderers escape it, so that nothing in it becomes a mention."""

    text: str
    span: Literal["plain"] = "plain"


@dataclass(frozen=True, slots=True)
class Strong:
    """Literal text, emphasised."""

    text: str
    span: Literal["strong"] = "strong"


@dataclass(frozen=True, slots=True)
class Code:
    """Literal text, to be typed as shown."""

    text: str
    span: Literal["code"] = "code"


@dataclass(frozen=True, slots=True)
class Mention:
    """A person; where the platform knows them they are mentioned, elsewhere named."""

    person: str
    name: str
    span: Literal["mention"] = "mention"


class Clock(StrEnum):
    """How an instant is shown, always in the reader's own zone."""

    TIME = "time"
    DATE = "date"
    RELATIVE = "relative"


@dataclass(frozen=True, slots=True)
class When:
    """An instant (UTC). Platforms that tick relative times by themselves do so."""

    at: datetime
    style: Clock = Clock.TIME
    span: Literal["when"] = "when"


@dataclass(frozen=True, slots=True)
class Link:
    """An absolute http(s) address that we made or that was checked."""

    text: str
    url: str
    span: Literal["link"] = "link"


@dataclass(frozen=True, slots=True)
class RoomLink:
    """A room on one platform; elsewhere its name, linked when ``url`` is known."""

    platform: str
    room: str
    name: str
    url: str = ""
    span: Literal["room"] = "room"


Span = Plain | Strong | Code | Mention | When | Link | RoomLink
Line = tuple[Span, ...]

# --- blocks ------------------------------------------------------------------------------------


@dataclass(frozen=True, slots=True)
class Text:
    """A paragraph."""

    line: Line
    block: Literal["text"] = "text"


@dataclass(frozen=True, slots=True)
class Field:
    label: str
    line: Line


@dataclass(frozen=True, slots=True)
class Fields:
    """Labelled facts, two abreast where there is room."""

    items: tuple[Field, ...]
    block: Literal["fields"] = "fields"


@dataclass(frozen=True, slots=True)
class Bullets:
    items: tuple[Line, ...]
    block: Literal["bullets"] = "bullets"


@dataclass(frozen=True, slots=True)
class Quote:
    """Somebody's words, or a draft of them, set apart. May hold newlines."""

    text: str
    block: Literal["quote"] = "quote"


@dataclass(frozen=True, slots=True)
class Context:
    """Small print."""

    line: Line
    block: Literal["context"] = "context"


class StepState(StrEnum):
    WAITING = "waiting"
    DONE = "done"
    RETRYING = "retrying"
    FAILED = "failed"


@dataclass(frozen=True, slots=True)
class Step:
    label: str
    state: StepState
    detail: str = ""


@dataclass(frozen=True, slots=True)
class Checklist:
    items: tuple[Step, ...]
    block: Literal["checklist"] = "checklist"


class Style(StrEnum):
    PLAIN = "plain"
    PRIMARY = "primary"
    DANGER = "danger"


@dataclass(frozen=True, slots=True)
class Button:
    """Pressing sends ``command`` through dispatch as if typed by whoever pressed.

    ``url`` instead opens an address. ``confirm`` is a question asked first.
    """

    label: str
    command: str = ""
    style: Style = Style.PLAIN
    url: str = ""
    confirm: str = ""


@dataclass(frozen=True, slots=True)
class Buttons:
    items: tuple[Button, ...]
    block: Literal["buttons"] = "buttons"


Block = Text | Fields | Bullets | Quote | Context | Checklist | Buttons


class Tone(StrEnum):
    NEUTRAL = "neutral"
    GOOD = "good"
    WARNING = "warning"
    BAD = "bad"


@dataclass(frozen=True, slots=True)
class Card:
    """What the bot says. ``title`` is one line; ``tone`` a colour where there is one."""

    title: str = ""
    blocks: tuple[Block, ...] = ()
    tone: Tone = Tone.NEUTRAL


# --- forms -------------------------------------------------------------------------------------


class InputKind(StrEnum):
    LINE = "line"
    PARAGRAPH = "paragraph"
    CHOICE = "choice"
    PERSON = "person"
    SERVICES = "services"


@dataclass(frozen=True, slots=True)
class Option:
    value: str
    label: str


class Need(StrEnum):
    REQUIRED = "required"
    OPTIONAL = "optional"


@dataclass(frozen=True, slots=True)
class Input:
    """One question. ``limit`` is the longest answer in characters."""

    name: str
    label: str
    kind: InputKind = InputKind.LINE
    need: Need = Need.OPTIONAL
    value: str = ""
    placeholder: str = ""
    options: tuple[Option, ...] = ()
    limit: int = 300


@dataclass(frozen=True, slots=True)
class Form:
    """Answers come back through dispatch as ``command`` with values by input name."""

    title: str
    command: str
    inputs: tuple[Input, ...]
    submit: str = "Send"
    intro: tuple[Block, ...] = ()


def plain(text: str) -> Line:
    """A line of literal text."""
    return (Plain(text),)


def text(*parts: str | Span) -> Text:
    """A paragraph from literal strings and spans."""
    return Text(line(*parts))


def line(*parts: str | Span) -> Line:
    return tuple(Plain(part) if isinstance(part, str) else part for part in parts)


def context(*parts: str | Span) -> Context:
    return Context(line(*parts))
