"""What people write and what is secret never reaches the log: marked strings through a real process's whole flow."""

from __future__ import annotations

import asyncio
import json
import os
import signal
import sys
from pathlib import Path

import aiohttp
import pytest

from tests.cli import beside, settings
from tests.installation import environment
from tests.organisations import steady_file

pytestmark = pytest.mark.process

MARK = "zanzibar"
SECRET = "hunter22-hunter22-hunter22-hunter22-hunter22"


async def test_no_title_no_words_and_no_secret_reach_the_log(tmp_path: Path) -> None:
    given = environment(
        tmp_path,
        TOCSIN_LOG_LEVEL="debug",
        TOCSIN_SECRET=SECRET,
        TOCSIN_ORG=str(steady_file(tmp_path)),
    )
    given["TOCSIN_HEARTBEAT_URL"] = f"http://127.0.0.1:9/{SECRET}"
    log = tmp_path / "log"
    with log.open("wb") as stream, settings(given):
        bot = await asyncio.create_subprocess_exec(
            sys.executable, "-m", "bot", "run", env={**os.environ, **given}, stderr=stream, stdout=stream
        )  # fmt: skip
        try:
            while not (tmp_path / "tocsin.sock").exists():
                assert bot.returncode is None, log.read_text()
                await asyncio.sleep(0.05)  # noqa: TID251 - polls another process
            await _an_incident_from_end_to_end()
            metrics = await _metrics(given["TOCSIN_BIND"])
        finally:
            bot.send_signal(signal.SIGTERM)
            await bot.wait()
    written = log.read_text()
    events = [json.loads(line)["event"] for line in written.splitlines()]
    assert {"ready", "stopping"} <= set(events)
    assert MARK not in written.casefold()
    assert SECRET not in written
    assert "tocsin_command_seconds_count" in metrics
    assert MARK not in metrics.casefold()
    assert SECRET not in metrics


async def _metrics(bind: str) -> str:
    async with aiohttp.ClientSession() as session, session.get(f"http://{bind}/metrics") as answer:
        return await answer.text()


async def _an_incident_from_end_to_end() -> None:
    said = [
        ("declare", f"{MARK} is down", "--sev", "1"),
        ("declare", f"{MARK} leaked", "--private"),
        ("say", "lead INC-1"),
        ("say", f'update INC-1 identified "{MARK} found" next 20m'),
        ("say", f'note INC-1 "{MARK} noted"'),
        ("say", f'task INC-1 "{MARK} to do"'),
        ("say", f'decision INC-1 "{MARK} it is"'),
        ("say", f'publish INC-1 "{MARK} for customers" --now'),
        ("say", f"show {MARK}"),
        ("say", f'resolved INC-1 "{MARK} is up"'),
        ("drill", "checkout"),
        ("export", "1"),
    ]
    for words in said:
        ran = await beside(*words)
        assert ran.code == 0, ran
    for _ in range(100):
        if not (await beside("jobs")).data["ready"]:
            break
