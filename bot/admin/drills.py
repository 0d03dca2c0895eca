"""Drills at the command line: which there are, and what they say; the command plays them."""

from __future__ import annotations

from bot.admin.desk import Answer, Args, Office, text
from bot.core.errors import Invalid
from bot.drills.service import FIRST, scenarios
from bot.postmortems.record_view import plain


async def drill(office: Office, args: Args) -> Answer:
    """One scenario as data. Raises ``Invalid`` with the names there are."""
    name = text(args, "scenario") or FIRST
    found = scenarios().get(name)
    if found is None:
        raise Invalid(f"There is no drill {name!r}; there are: {', '.join(scenarios())}.")
    answer: Answer = plain(found)
    return answer
