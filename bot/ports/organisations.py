"""Applied organisation files, as memory offers them."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from typing import Protocol


@dataclass(frozen=True, slots=True)
class Applied:
    """The file's text as it was applied. ``digest`` is the SHA-256 of it, in hex."""

    text: str
    digest: str
    at: datetime
    by: str


class Organisations(Protocol):
    def current(self) -> Applied | None:
        """The one applied last."""
        ...

    def superseded(self, digest: str) -> bool:
        """Whether this text was applied once and another one after it."""
        ...

    def apply(self, text: str, digest: str, by: str) -> None: ...
