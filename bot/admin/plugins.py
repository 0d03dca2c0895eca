"""Plug-ins at the command line: which are at work, and which are not, and why."""

from __future__ import annotations

from bot.admin.desk import Answer, Args, Office


async def plugins(office: Office, args: Args) -> Answer:
    """``name``, and ``off``: why it is not called, empty while it is."""
    return {"plugins": [{"name": name, "off": why} for name, why in office.plugins()]}
