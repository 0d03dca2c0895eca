"""``tocsin`` in this process: what it printed, what it remarked, and its exit code."""

from __future__ import annotations

import asyncio
import contextlib
import io
import json
from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any

import pytest

from bot.cli import main


@dataclass(frozen=True)
class Ran:
    code: int
    out: str
    err: str

    @property
    def data(self) -> Any:
        assert self.code == 0, self
        return json.loads(self.out)


def tocsin(*words: str) -> Ran:
    """Run a command to its end, with standard output a pipe."""
    out, err = io.StringIO(), io.StringIO()
    with contextlib.redirect_stdout(out), contextlib.redirect_stderr(err):
        try:
            main(list(words))
            code = 0
        except SystemExit as left:
            code = int(left.code or 0)
    return Ran(code, out.getvalue(), err.getvalue())


async def beside(*words: str) -> Ran:
    """The same from another thread, while a bot runs in this one's event loop."""
    return await asyncio.to_thread(tocsin, *words)


@contextlib.contextmanager
def settings(found: dict[str, str]) -> Iterator[None]:
    """The environment that a command sees."""
    with pytest.MonkeyPatch.context() as patch:
        for name, value in found.items():
            patch.setenv(name, value)
        yield
