"""A platform that the core has never heard of: its module declares it, and an incident goes there."""

from __future__ import annotations

import sys
from pathlib import Path
from types import ModuleType

import pytest

from bot.app import build, stop
from bot.org import parse_org
from bot.settings.loading import load_settings
from bot.wiring.discovery import built_in
from tests.bot.wiring.test_platform_modules import FILE, PIGEON
from tests.fakes.platform import FakePlatform
from tests.world import make_world

ORG = FILE.replace("rooms: [pigeon]", "announce: {pigeon: news}")


async def test_its_rooms_open_without_being_named_and_its_people_are_paged(tmp_path: Path) -> None:
    org = parse_org(ORG, "org.yaml", platforms=(*built_in(), PIGEON))
    loft = FakePlatform("pigeon")
    async with make_world(tmp_path, org, {"pigeon": loft}) as world:
        await world.person("ana").says("/incident declare checkout is down sev1")
        await world.passes(minutes=1)
        assert [room.name for room in loft.war_rooms()] == ["inc-1-checkout-is-down"]
        assert loft.said_in("@DE-17"), "Ana is told on her ring"


async def test_settings_that_name_it_bring_it_in(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    module = ModuleType("acme_pigeon")
    module.__dict__["PLATFORM"] = PIGEON
    monkeypatch.setitem(sys.modules, "acme_pigeon", module)
    monkeypatch.chdir(tmp_path)
    Path("org.yaml").write_text(ORG, encoding="utf-8")
    found = {
        "TOCSIN_SECRET": "s" * 32,
        "TOCSIN_ORG": "org.yaml",
        "TOCSIN_PLUGINS": "acme_pigeon",
        "DATABASE_URL": f"sqlite+aiosqlite:///{tmp_path}/tocsin.db",
        "PIGEON_LOFT": "roof",
    }
    app = await build(load_settings(found))
    try:
        assert list(app.platforms) == ["console", "pigeon"]
        assert app.memory.installation.notices["pigeon"] == ("invite",)
        assert app.org.chat.allowed["pigeon"]["breeds"] == ("homer",)
        assert app.parsing(ORG, "applied").chat.rooms == ("slack", "discord", "pigeon", "console")
    finally:
        await stop(app)
