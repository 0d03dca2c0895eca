"""Something between the bot and its PostgreSQL that can be cut, as a cable can."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from dataclasses import dataclass, field
from pathlib import Path

_SOCKET = ".s.PGSQL.5432"


@dataclass
class Between:
    """Passes bytes both ways until ``cut``; then every connection is gone and new ones are refused."""

    target: str
    whole: bool = True
    _writers: set[asyncio.StreamWriter] = field(default_factory=set)

    async def serve(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        if not self.whole:
            writer.close()
            return
        beyond_reader, beyond = await asyncio.open_unix_connection(self.target)
        self._writers |= {writer, beyond}
        await asyncio.gather(self._pass(reader, beyond), self._pass(beyond_reader, writer))

    async def _pass(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        try:
            while data := await reader.read(65536):
                writer.write(data)
                await writer.drain()
        except ConnectionError:
            pass
        finally:
            self._writers.discard(writer)
            writer.close()

    def cut(self) -> None:
        self.whole = False
        for writer in set(self._writers):
            writer.transport.abort()

    def mend(self) -> None:
        self.whole = True


@asynccontextmanager
async def between(database: str, folder: Path) -> AsyncIterator[tuple[Between, str]]:
    """The thing between, and the address by which the database is reached through it."""
    base, _, host = database.partition("?host=")
    made = Between(f"{host}/{_SOCKET}")
    server = await asyncio.start_unix_server(made.serve, folder / _SOCKET)
    try:
        yield made, f"{base}?host={folder}"
    finally:
        made.cut()
        server.close()
