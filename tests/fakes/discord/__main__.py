"""The server as a process of its own: ``python -m tests.fakes.discord``, steered over HTTP.

Prints one line of JSON when it listens: api, token, guild. ``POST /_people/<name>/slash`` with
``{"channel", "path", "options"}`` makes somebody invoke a command; ``GET /_seen`` tells what there is.
"""

from __future__ import annotations

import asyncio
import json

from tests.fakes.discord.server import Discord, listening
from tests.fakes.discord.steering import steered


async def main() -> None:
    discord = Discord()
    discord.world.channel("general")
    app = discord.application(steered(discord))
    async with listening(app, discord) as made:
        told = {"api": made.api, "token": made.world.token, "guild": str(made.world.guild)}
        print(json.dumps(told), flush=True)
        await asyncio.Event().wait()


if __name__ == "__main__":
    asyncio.run(main())
