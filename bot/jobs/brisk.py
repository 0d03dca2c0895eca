"""Memory for those who ask for work: what follows from a write begins at once."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from typing import TypeVar

from bot.core.ports.unit_of_work import Memory, UnitOfWork
from bot.jobs.worker import Worker

T = TypeVar("T")


@dataclass(frozen=True, slots=True)
class Brisk:
    """``Memory`` that writes through the worker."""

    memory: Memory
    worker: Worker

    async def write(self, work: Callable[[UnitOfWork], T]) -> T:
        return await self.worker.write(work)

    async def read(self, work: Callable[[UnitOfWork], T]) -> T:
        return await self.memory.read(work)

    async def glimpse(self, work: Callable[[UnitOfWork], T]) -> T:
        return await self.memory.glimpse(work)

    def listen(self, topic: str, callback: Callable[[str], None]) -> None:
        self.memory.listen(topic, callback)


def _conforms(memory: Brisk) -> Memory:
    return memory
