"""What Discord accepts, in numbers (its reference of August 2026), and how it counts."""

from __future__ import annotations

CONTENT = 2000
EMBED_TEXT = 4096
EMBEDS_IN_ALL = 6000
FIELDS = 25
FIELD_NAME = 256
FIELD_TEXT = 1024
ROWS = 5
BUTTONS_A_ROW = 5
LABEL = 80
CUSTOM_ID = 100
OPTIONS = 25
OPTION_TEXT = 100
PLACEHOLDER = 150
MODAL_TITLE = 45
MODAL_PARTS = 5
INPUT_LABEL = 45
INPUT_TEXT = 4000
CHOICES = 25
CHOICE_TEXT = 100
HELP = 100
COMMAND_IN_ALL = 8000
CHANNEL_NAME = 100
TOPIC = 1024
IN_A_CATEGORY = 50
IN_A_GUILD = 500
NONCE = 25
URL = 512


def size(text: str) -> int:
    """Length in UTF-16 units, the stricter of the two ways of counting that Discord's parts have."""
    return len(text) + sum(1 for char in text if ord(char) > 0xFFFF)


def clipped(text: str, limit: int) -> str:
    """At most ``limit`` units: cut between words where there is a space near, with an ellipsis."""
    if size(text) <= limit:
        return text
    kept: list[str] = []
    left = limit - 1
    for char in text:
        left -= size(char)
        if left < 0:
            break
        kept.append(char)
    short = "".join(kept)
    head, space, _ = short.rpartition(" ")
    return f"{head if space and len(head) > len(short) * 2 // 3 else short}…"
