"""Memory whose writes go through the worker: the jobs that follow from a write begin at once."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from typing import TypeVar

from bot.core.ports.unit_of_work import Memory, UnitOfWork
from bot.jobs.worker import Worker

T = TypeVar("T")


@dataclass(frozen=True, slots=True)
class DispatchingMemory:
    """``Memory`` that writes through the worker."""

    memory: Memory
    worker: Worker

    async def write(self, work: Callable[[UnitOfWork], T]) -> T:
        return await self.worker.write(work)

    async def read(self, work: Callable[[UnitOfWork], T]) -> T:
        return await self.memory.read(work)

    async def read_inline(self, work: Callable[[UnitOfWork], T]) -> T:
        return await self.memory.read_inline(work)

    def listen(self, topic: str, callback: Callable[[str], None]) -> None:
        self.memory.listen(topic, callback)


def _conforms(memory: DispatchingMemory) -> Memory:
    return memory
