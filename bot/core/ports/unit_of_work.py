"""One transaction, and ``Memory``: the database as a whole."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from typing import TYPE_CHECKING, Protocol, TypeVar

from bot.core.incident import IncidentId

if TYPE_CHECKING:
    # What services are given is the real thing: its stores are named there, each by its class (decision 19).
    from storage.unit_of_work import UnitOfWork
else:

    class UnitOfWork:
        """The name by which the transaction is asked for; what it can do is said where it is, in ``storage``."""


__all__ = ["Done", "Memory", "UnitOfWork"]

T = TypeVar("T")


@dataclass(frozen=True, slots=True)
class Done:
    """What a delivery led to, so that it can be answered again and looked up."""

    key: str
    reply: str
    incident: IncidentId | None


class Memory(Protocol):
    """Runs functions of a transaction. ``write`` commits or raises; ``read`` never writes."""

    async def write(self, work: Callable[[UnitOfWork], T]) -> T:
        """Raises ``Unavailable`` (nothing written) or ``OutcomeUnknown``, or what ``work`` raises."""
        ...

    async def read(self, work: Callable[[UnitOfWork], T]) -> T: ...

    async def read_inline(self, work: Callable[[UnitOfWork], T]) -> T:
        """``read`` for a handful of rows that a call waits for: it may be done on the spot, where handing
        it to another thread would cost more than the reading."""
        ...

    def listen(self, topic: str, callback: Callable[[str], None]) -> None:
        """Call back, in the event loop, with each signalled topic that begins with ``topic``."""
        ...
