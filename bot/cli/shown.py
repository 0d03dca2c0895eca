"""How a verb shows its answer: a table or text on a terminal, JSON when piped or asked for. Remarks go to
standard error, so that what is piped stays clean."""

from __future__ import annotations

import json
import sys
from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from datetime import datetime
from typing import TYPE_CHECKING, Annotated, Any

import typer

if TYPE_CHECKING:
    from bot.admin.request import Answer

Json = Annotated[bool, typer.Option("--json", help="Print JSON, as when piped.")]
As = Annotated[str, typer.Option("--as", help="Act as this person of the organisation.")]
Which = Annotated[str, typer.Argument(help="INC-42, or its number.")]


def show(answer: Answer | Mapping[str, Any], as_json: object, human: Callable[[], None]) -> None:
    """``human`` prints for people; a pipe gets the answer itself."""
    if as_json or not sys.stdout.isatty():
        values = answer if isinstance(answer, Mapping) else data(answer)
        typer.echo(json.dumps(values, ensure_ascii=False, indent=2))
    else:
        human()


def data(answer: Answer) -> dict[str, Any]:
    """An answer as its JSON has it."""
    from bot.admin.codec import plain

    return plain(answer)


def minute(at: datetime) -> str:
    """An instant in a table."""
    return f"{at:%Y-%m-%d %H:%M}"


def say(words: str) -> None:
    """A remark to whoever types, out of the answer's way."""
    typer.echo(words, err=True)


def table(columns: Sequence[str], rows: Sequence[Sequence[object]], empty: str) -> None:
    """On a terminal. What people wrote is text, never markup."""
    from rich.console import Console
    from rich.table import Table
    from rich.text import Text

    from bot.core.chat.plain import clean

    if not rows:
        typer.echo(empty)
        return
    drawn = Table(box=None, header_style="bold", pad_edge=False)
    for column in columns:
        drawn.add_column(column)
    for row in rows:
        drawn.add_row(*(Text(clean("" if cell is None else str(cell))) for cell in row))
    Console().print(drawn)


@contextmanager
def working(words: str) -> Iterator[Callable[[str], None]]:
    """A line that says what is under way, on a terminal; nothing elsewhere."""
    if not sys.stderr.isatty():
        yield lambda _: None
        return
    from rich.console import Console

    with Console(stderr=True).status(words) as status:
        yield status.update


@contextmanager
def counting(words: str, total: int) -> Iterator[Callable[[int], None]]:
    """A bar towards ``total``, on a terminal; nothing elsewhere. Call with how much is done."""
    if not sys.stderr.isatty():
        yield lambda _: None
        return
    from rich.console import Console
    from rich.progress import Progress

    with Progress(console=Console(stderr=True)) as bar:
        task = bar.add_task(words, total=total)
        yield lambda done: bar.update(task, completed=done)
