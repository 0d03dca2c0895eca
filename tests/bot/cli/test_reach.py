"""How a request reaches Tocsin: what no running bot is needed for is done alone, the rest is refused."""

from __future__ import annotations

import asyncio
from pathlib import Path

import pytest

from bot.admin.context import Refusal
from bot.admin.process import GetAbout
from bot.admin.table import VERBS, Needs
from bot.cli.reach import ask
from tests.bot.admin.requests import EXAMPLES
from tests.cli import settings
from tests.installation import environment, running


def test_what_speaks_of_a_running_bot_is_refused_where_none_runs(tmp_path: Path) -> None:
    wanted = {verb.request for verb in VERBS if verb.needs is Needs.RUNNING_BOT}
    assert wanted
    with settings(environment(tmp_path)):
        for request in EXAMPLES:
            if type(request) in wanted:
                with pytest.raises(Refusal, match="No bot is running here"):
                    ask(request)


async def test_beside_a_bot_it_is_the_bot_that_answers(tmp_path: Path) -> None:
    async with running(tmp_path) as bot:
        with settings(environment(tmp_path)):
            assert await asyncio.to_thread(ask, GetAbout()) == bot.admin.about
