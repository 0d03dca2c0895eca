"""What doctor says of an installation in order, and of one that is not; it changes nothing."""

from __future__ import annotations

import sqlite3
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from aiohttp import web

from bot.app import build, start, stop
from bot.cli.exits import Exit
from bot.core.ports.declarations import PlatformModule
from bot.core.ports.platforms import Finding, Level
from bot.settings.loading import load_settings
from bot.wiring import discovery as plugins
from tests.cli import Ran, beside, settings, tocsin
from tests.databases import fresh_postgres
from tests.installation import environment


@pytest.fixture(autouse=True)
def installation(tmp_path: Path) -> Iterator[dict[str, str]]:
    found = environment(tmp_path)
    with settings(found):
        yield found


def said(ran: Ran) -> dict[str, list[dict[str, Any]]]:
    import json

    found: dict[str, list[dict[str, Any]]] = {}
    for each in json.loads(ran.out)["findings"]:
        found.setdefault(each["about"], []).append(each)
    return found


def test_an_empty_installation_has_notes_and_no_fault(tmp_path: Path) -> None:
    ran = tocsin("doctor")
    assert ran.code == Exit.DONE, ran
    found = said(ran)
    assert found["bot"][0]["says"] == "No bot is running."
    assert found["database"][0]["says"] == "It is empty."
    assert found["organisation"][0]["level"] == "note"
    assert found["backups"][0]["level"] == "warning"
    assert not (tmp_path / "tocsin.db").exists()


def test_every_finding_that_is_not_fine_says_what_to_do() -> None:
    found = [each for group in said(tocsin("doctor")).values() for each in group]
    assert all(each["fix"] for each in found if each["level"] != "fine")


def test_a_backup_is_remembered(tmp_path: Path) -> None:
    tocsin("declare", "x")
    tocsin("backup", str(tmp_path / "b"))
    assert said(tocsin("doctor"))["backups"][0]["level"] == "fine"


def test_what_is_wrong_is_a_fault_or_a_warning_with_a_code(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    tocsin("declare", "x")
    (tmp_path / "tocsin.db").chmod(0o644)
    with sqlite3.connect(tmp_path / "tocsin.db") as file:
        file.execute("UPDATE alembic_version SET version_num = '9999'")
    broken = tmp_path / "org.yaml"
    broken.write_text("organisation: Acme\npeeple: {}\n")
    monkeypatch.setenv("TOCSIN_ORG", str(broken))
    monkeypatch.setenv("TOCSIN_HARTBEAT_URL", "x")
    ran = tocsin("doctor")
    assert ran.code == Exit.REFUSED
    found = said(ran)
    assert "newer Tocsin" in found["database"][0]["says"]
    assert "peeple" in found["organisation"][0]["says"]
    assert any("chmod 600" in each["fix"] for each in found["permissions"])
    assert any("TOCSIN_HEARTBEAT_URL" in each["says"] for each in found["settings"])


def test_a_postgres_that_is_away_is_a_fault_and_one_that_is_there_has_its_clock_compared(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setenv("DATABASE_URL", "postgresql+asyncpg://u:hidden@127.0.0.1:1/x")
    away = tocsin("doctor")
    assert away.code == Exit.REFUSED
    assert "hidden" not in away.out
    monkeypatch.setenv("DATABASE_URL", fresh_postgres())
    assert any("differ by" in each["says"] for each in said(tocsin("doctor"))["clock"])


def test_a_platform_says_what_its_token_may_not_do(monkeypatch: pytest.MonkeyPatch) -> None:
    async def checks(environ: object) -> list[Finding]:
        return [Finding(Level.FAULT, "pigeon", "The token may not pin.", "Add pins:write.")]

    pigeon = PlatformModule("pigeon", "Pigeon", checks=checks)
    monkeypatch.setattr(plugins, "_offered", lambda extra: iter([("acme.pigeon", pigeon)]))
    ran = tocsin("doctor")
    assert ran.code == Exit.REFUSED
    assert said(ran)["pigeon"][0]["fix"] == "Add pins:write."


async def test_beside_a_running_bot_it_is_named() -> None:
    app = await build(load_settings())
    await start(app)
    found = said(await beside("doctor"))
    await stop(app)
    assert "answers, version" in found["bot"][0]["says"]
    assert found["database"][0]["level"] == "fine"


async def test_a_bot_of_another_version_is_a_warning_and_the_rest_is_said() -> None:
    async def older(request: web.Request) -> web.Response:
        return web.json_response({"version": "0.0.1"})

    app = web.Application()
    app.router.add_post("/{verb}", older)
    runner = web.AppRunner(app)
    await runner.setup()
    await web.UnixSite(runner, str(load_settings().socket)).start()
    found = said(await beside("doctor"))
    await runner.cleanup()
    assert [each["level"] for each in found["bot"]] == ["warning"]
    assert "the bot and the command differ in version" in found["bot"][0]["says"]
    assert found["database"]
