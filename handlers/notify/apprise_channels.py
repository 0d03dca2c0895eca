"""Channels through Apprise: SMS, voice, push, e-mail and some hundred more. It only sends.

The library is imported with the first message. Addresses hold secrets, so that no log and no error of
ours shows one.
"""

from __future__ import annotations

import asyncio
import re
from collections.abc import Mapping
from string import Template
from urllib.parse import quote

from bot.core.chat.vocabulary import Refused, Retry
from bot.core.ports.notifier import Note, Notifier
from bot.core.reaching import Channel

CONNECT_SECONDS = 2.0
READ_SECONDS = 2.5
_VARIABLE = re.compile(r"[A-Z][A-Z0-9_]*")


class AppriseNotifier:
    """``environ`` has the variables that the channels' addresses name."""

    def __init__(self, environ: Mapping[str, str]) -> None:
        self._environ = environ

    async def send(self, channel: Channel, about: Mapping[str, str], note: Note) -> None:
        url = self.address(channel, about)
        if not await asyncio.to_thread(_deliver, url, note, channel.name):
            raise Retry(f"{channel.name} did not take the message")

    def address(self, channel: Channel, about: Mapping[str, str]) -> str:
        """The channel's address for one person. Raises ``Refused`` when something is missing."""
        template = Template(channel.url)
        wanted = [name for name in template.get_identifiers() if _VARIABLE.fullmatch(name)]
        for name in wanted:
            if not self._environ.get(name):
                raise Refused(f"{name} is not set", f"Set {name} for the channel {channel.name}.")
        values = {name: self._environ[name] for name in wanted}
        personal = {name: quote(value, safe="") for name, value in about.items()}
        return template.substitute(personal | values)


def _deliver(url: str, note: Note, name: str) -> bool:
    """Runs in a thread: the library waits for its answers. Raises ``Refused`` for what is no address."""
    import apprise  # noqa: PLC0415 - only installations with channels pay for it

    service = apprise.Apprise.instantiate(url, suppress_exceptions=True)
    if service is None:
        raise Refused(
            f"{name} has no address that Apprise understands", f"Check channels.{name}.url."
        )
    service.socket_connect_timeout = CONNECT_SECONDS
    service.socket_read_timeout = READ_SECONDS
    sent = service.notify(body=note.body, title=note.title, notify_type=apprise.NotifyType.WARNING)
    return bool(sent)


def _conforms(notifier: AppriseNotifier) -> Notifier:
    return notifier
