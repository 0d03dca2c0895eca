"""``tocsin drill`` plays each shipped scenario through the real flow, alone and beside a bot."""

from __future__ import annotations

from pathlib import Path

import pytest

from bot.app import build, start, stop
from bot.cli.exits import Exit
from bot.drills.service import scenarios
from bot.settings.loading import load_settings
from tests.cli import beside, settings, tocsin
from tests.installation import environment


@pytest.mark.parametrize("name", ["checkout", "handover", "security"])
def test_each_scenario_is_played_to_its_end_without_a_bot(name: str, tmp_path: Path) -> None:
    with settings(environment(tmp_path)):
        played = tocsin("drill", name)
        assert played.data["ok"], played
        assert len(played.data["steps"]) > len(scenarios()[name].steps)
        [drilled] = tocsin("incidents", "--all").data["incidents"]
    assert (drilled["mode"], drilled["status"]) == ("test", "resolved")


async def test_beside_a_bot_it_waits_for_rooms_and_page(tmp_path: Path) -> None:
    with settings(environment(tmp_path)):
        app = await build(load_settings())
        await start(app)
        played = await beside("drill")
        await stop(app)
    assert played.data["ok"], played
    assert "nobody was reached" not in played.out


def test_a_drill_that_is_not_there_is_refused_with_those_that_are(tmp_path: Path) -> None:
    with settings(environment(tmp_path)):
        refused = tocsin("drill", "meteor")
    assert refused.code == Exit.REFUSED
    assert "checkout, handover, security" in refused.err
