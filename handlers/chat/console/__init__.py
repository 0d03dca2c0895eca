"""The embedded web chat: a chat platform like the others, kept in our own database."""

from __future__ import annotations

from bot.core.ports.declarations import Identity, PlatformModule

# It has no connector: it is always there, and the application builds it.
PLATFORM = PlatformModule("console", "Console", notices=(), identity=Identity("console"), rank=90)
