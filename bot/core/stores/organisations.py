"""Applied organisation files, as memory offers them."""

from __future__ import annotations

from typing import TYPE_CHECKING, Protocol

if TYPE_CHECKING:
    from bot.organisation.model import Applied


class Organisations(Protocol):
    def current(self) -> Applied | None:
        """The one applied last."""
        ...

    def superseded(self, digest: str) -> bool:
        """Whether this text was applied once and another one after it."""
        ...

    def apply(self, text: str, digest: str, by: str) -> None: ...
