"""What .env.example and docs/settings.md say, from the settings themselves and the chat platforms' own."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass

from bot.settings.model import FIELDS
from bot.settings.values import shown
from bot.wiring import discovery as plugins
from bot.wiring.features import SETTINGS


@dataclass(frozen=True, slots=True)
class Variable:
    """``adapter`` is the title of the chat platform whose setting it is; empty for Tocsin's own."""

    name: str
    default: str
    help: str
    adapter: str = ""


def variables() -> list[Variable]:
    """All that can be set, with what the platforms that come with Tocsin declare."""
    own = [Variable(name, shown(f.default), f.description or "") for name, f in FIELDS.items()]
    declared = [Variable(each.name, shown(each.default), each.help) for each in SETTINGS]
    return [*own, *declared, *_of_platforms()]


def _of_platforms() -> Iterator[Variable]:
    for platform in plugins.built_in():
        for name, words in platform.variables.items():
            yield Variable(name, "", words, platform.title)


def example() -> str:
    """What .env.example holds."""
    return "\n".join(f"# {v.help}\n#{v.name}={v.default}\n" for v in variables())


def reference() -> str:
    """What docs/settings.md holds."""
    return (
        "# Settings\n\nFrom the environment, or from a file `.env` in the working directory. A wrong value "
        "stops the start with one sentence that names the variable and says what is allowed; a variable "
        "`TOCSIN_…` that is not listed here is pointed out in the log.\n\n"
        f"{_table(own for own in variables() if not own.adapter)}"
        f"{''.join(_section(adapter) for adapter in sorted({v.adapter for v in variables() if v.adapter}))}"
    )


def _section(adapter: str) -> str:
    return f"\n## {adapter}\n\n{_table(v for v in variables() if v.adapter == adapter)}"


def _table(listed: Iterator[Variable]) -> str:
    rows = (
        f"| `{v.name}` | {f'`{v.default}`' if v.default else '–'} | {v.help} |\n" for v in listed
    )
    return "| variable | default | what it does |\n|---|---|---|\n" + "".join(rows)
