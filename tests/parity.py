"""docs/parity.md: every verb and every view on each chat platform, from the specs and what is rendered.

    python -m tests.parity

writes it; a test compares. What it says of a story is what the stories' stages are: one suite runs on each.
"""

from __future__ import annotations

from pathlib import Path

from bot.core.chat.codec import card_data, form_data
from bot.language.spec import Command, Native
from bot.language.table import all_commands
from handlers.chat.discord.rendering import render as discord
from handlers.chat.discord.rendering.forms import modal as discord_modal
from handlers.chat.discord.rendering.presses import Ids
from handlers.chat.slack.rendering import render as slack
from handlers.chat.slack.rendering.forms import ViewContext
from handlers.chat.slack.rendering.forms import modal as slack_modal
from tests.exhibits import cards, forms
from tests.stages import stages

PAGE = Path("docs/parity.md")
STORIES = Path("tests/stories")
PLATFORMS = ("console", "slack", "discord")
_HEAD = """# The same on every platform

Written by `make docs` from the command specs, the stories and what the renderers make; a test keeps it true.

"""
_WAYS = """## Ways in

| | console | Slack | Discord |
|---|---|---|---|
| type a command | in the box, completed | `/incident`, `/inc`, `/oncall` | `/incident` with subcommands, `do`, `/inc`, `/oncall` |
| forms | a dialog | a modal | a modal of five questions |
| buttons, lists | ✓ | ✓ | ✓; a list when there are more than 25 |
| from a message | 📌 📋 ⏭️ | 📌 📋 ⏭️, shortcuts | 📌 📋 ⏭️, the message's menu |
| mention the bot | – | ✓ | ✓, or a direct message |
| pin a message | ✓ | ✓ | ✓ |
| private answers | ✓ | ephemeral | ephemeral; a silent direct message after a reaction |
| war room | a room | a channel | a channel, a thread or a forum post |
| private room | ✓ | ✓ | ✓, in the call that opens it |
| bookmarks | ✓ | ✓ | – (Discord has none: the card has the links) |

"""


def page() -> str:
    """The whole page."""
    return _HEAD + _suites() + _WAYS + _verbs() + _views()


def _suites() -> str:
    told = sum(len(_tests(path)) for path in STORIES.glob("test_*.py"))
    rows = "".join(f"| {name} | `tests/stages/{name}.py` |\n" for name in stages())
    return (
        f"## One set of stories\n\n{told} stories in `tests/stories/`; each runs on every stage but those "
        f"whose mark names the stages that it is about.\n\n| platform | stage |\n|---|---|\n{rows}\n"
    )


def _tests(path: Path) -> list[str]:
    lines = path.read_text(encoding="utf-8").splitlines()
    return [line for line in lines if line.startswith(("async def test_", "def test_"))]


def _verbs() -> str:
    commands = sorted(all_commands().commands, key=lambda c: (c.group.value, c.name))
    rows = "".join(_verb(command) for command in commands)
    return (
        "## Verbs\n\n| verb | what it does | console | Slack | Discord |\n|---|---|---|---|---|\n"
        f"{rows}\n"
    )


def _verb(command: Command) -> str:
    typed = f"/{command.group.value} {command.name}"
    listed = command.native is Native.LISTED and command.group.value == "incident"
    if command.group.value == "oncall":
        there = f"`/oncall text: {command.name}`"
    else:
        there = f"`{typed}`" if listed else f"`/incident do text: {command.name}`"
    return f"| {command.name} | {command.help} | `{typed}` | `{typed}` | {there} |\n"


def _views() -> str:
    rows = "".join(_view(name) for name in [*cards(), *forms()])
    head = "| view | " + " | ".join(p.capitalize() for p in PLATFORMS) + " |\n|---|---|---|---|\n"
    return (
        "## Views\n\nA ✓ says that the platform's renderer made a message or a form of it when this page was "
        f"written.\n\n{head}{rows}"
    )


def _view(name: str) -> str:
    there = ["✓" if _rendered(platform, name) else "–" for platform in PLATFORMS]
    return f"| {name} | {' | '.join(there)} |\n"


def _rendered(platform: str, name: str) -> bool:
    """Whether something came of it that shows anything."""
    card, form = cards().get(name), forms().get(name)
    match platform:
        case "slack":
            made = (
                slack.message(card, {})
                if card
                else slack_modal(form, ViewContext(name), [], {})
                if form
                else None
            )
        case "discord":
            made = (
                discord.message(card, {}, Ids("m"))
                if card
                else discord_modal(form, "f", {}, [])
                if form
                else None
            )
        case _:
            made = card_data(card) if card else form_data(form) if form else None
    return bool(made)


if __name__ == "__main__":
    PAGE.write_text(page(), encoding="utf-8")
