"""A Discord of our own: REST v10 and gateway on loopback, for the unmodified discord.py.

``serving()`` yields a ``Discord``: its ``world`` is the state, ``person()`` are the people, ``faults``
what it does wrong, ``calls`` every request, ``interactions`` when each was acknowledged. It refuses what
Discord refuses, with Discord's codes; ``python -m tests.fakes.discord`` runs it as a process of its own.

A second opinion comes from simcord, which lives in the test's process and owns a virtual clock
(tests/handlers/chat/discord/test_simcord.py; docs/decisions/0008-our-own-discord.md). What simcord 3.2 does not model, and
this server therefore does:

- the wire: no HTTP and no socket, so no resets, hangs, lost answers, latency, dropped gateway; a test
  of kill -9 needs a platform in another process
- rate limits: no buckets, headers, 429 or the hidden one of channel names and topics
- the gateway below its events: no IDENTIFY, heartbeat, resume, op 7, op 9, close codes, second session
- channel names (any text stands), topics above 1024, 50 channels in a category, 500 in a guild
- nonces: ``enforce_nonce`` is not known, a repeat makes a second message
- 8000 characters of a command, and 200 creates a day
- its 3 s and 15 minutes of an interaction are there, but pass only when a test moves its clock
"""

from tests.fakes.discord.faults import Fault, Trouble, When
from tests.fakes.discord.interactions import Interaction
from tests.fakes.discord.model import BOT, EVERYONE, Channel, Intent, Kind, May, Message
from tests.fakes.discord.people import Person
from tests.fakes.discord.server import Discord, serving
from tests.fakes.discord.world import TOKEN, World

__all__ = [
    "BOT",
    "EVERYONE",
    "TOKEN",
    "Channel",
    "Discord",
    "Fault",
    "Intent",
    "Interaction",
    "Kind",
    "May",
    "Message",
    "Person",
    "Trouble",
    "When",
    "World",
    "serving",
]
