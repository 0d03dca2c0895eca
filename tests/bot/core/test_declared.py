"""A feature declares what can be set of it, and nobody else has to know."""

from __future__ import annotations

from datetime import timedelta
from pathlib import Path
from typing import Annotated

import pytest
from pydantic import PlainValidator as Read

import bot.org
from bot.core.declared.fields import Strict, Text, a_truth
from bot.core.declared.sections import Section
from bot.core.declared.settings import Setting, days
from bot.org import parse_org, sample_org
from bot.organisation.difference import differences
from bot.organisation.format import OrgError
from bot.retention.settings import KEEP_DONE
from bot.settings import loading
from bot.settings.loading import SettingsError, load_settings
from bot.settings.model import NAMES
from tests.world import World

FILE = "organisation: Acme\npeople:\n  ana: {name: Ana}\ncatch_all: {notify: [person:ana]}\n"


class Pigeon(Strict):
    name: Text
    tame: Annotated[bool, Read(a_truth)] = False


PIGEONS: Section[tuple[str, ...]] = Section(
    "pigeons", list[Pigeon], (), lambda found: tuple(each.name for each in found)
)
LOFT: Setting[timedelta] = Setting(
    "TOCSIN_LOFT_DAYS", timedelta(days=3), "How long a pigeon stays.", days
)
SECRET: Setting[str] = Setting("TOCSIN_LOFT_KEY", "", "Opens it.", lambda _: _refuse(), secret=True)


def _refuse() -> str:
    raise ValueError("write a longer one.")


@pytest.fixture(autouse=True)
def _declared(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(bot.org, "SECTIONS", (PIGEONS,))
    monkeypatch.setattr(loading, "SETTINGS", (LOFT, SECRET))
    monkeypatch.setattr(loading, "NAMES", (*NAMES, LOFT.name, SECRET.name))
    monkeypatch.setattr(loading, "_SECRET", frozenset({SECRET.name}))


def test_its_section_of_the_file_is_read() -> None:
    org = parse_org(FILE + "pigeons: [{name: Bo, tame: yes}, {name: Cy}]\n", "org.yaml")
    assert org.section(PIGEONS) == ("Bo", "Cy")
    assert parse_org(FILE, "org.yaml").section(PIGEONS) == ()
    assert sample_org().section(PIGEONS) == ()


def test_a_mistake_in_it_names_line_and_field() -> None:
    with pytest.raises(OrgError) as caught:
        parse_org(FILE + "pigeons:\n  - {name: Bo, tame: perhaps}\n", "org.yaml")
    (problem,) = caught.value.problems
    assert problem.line == 6
    assert "tame" in str(problem)


def test_a_change_of_it_is_a_change_of_the_organisation() -> None:
    old, new = (parse_org(FILE + more, "org.yaml") for more in ("", "pigeons: [{name: Bo}]\n"))
    assert [change.name for change in differences(old, new)] == ["pigeons"]


def environ(tmp_path: Path, **more: str) -> dict[str, str]:
    return {"DATABASE_URL": f"sqlite+aiosqlite:///{tmp_path}/tocsin.db", **more}


def test_its_variable_is_read_and_known(tmp_path: Path) -> None:
    settings = load_settings(environ(tmp_path, TOCSIN_LOFT_DAYS="5"))
    assert settings.of_features == {LOFT.name: timedelta(days=5), SECRET.name: ""}
    assert load_settings(environ(tmp_path)).of_features[LOFT.name] == timedelta(days=3)


def test_a_wrong_value_is_said_with_all_others_and_a_secret_is_not(tmp_path: Path) -> None:
    wrong = {"TOCSIN_LOFT_DAYS": "few", "TOCSIN_LOFT_KEY": "hidden", "TOCSIN_LOG_LEVEL": "loud"}
    with pytest.raises(SettingsError) as caught:
        load_settings(environ(tmp_path, **wrong))
    level, loft, key = caught.value.faults
    assert level.startswith("TOCSIN_LOG_LEVEL is 'loud'")
    assert loft == "TOCSIN_LOFT_DAYS is 'few'; write a number of days, from 1 to 36500, such as 90."
    assert key == "TOCSIN_LOFT_KEY cannot be used; write a longer one."


async def test_a_transaction_gives_what_is_set(world: World) -> None:
    assert await world.read(lambda uow: uow.setting(KEEP_DONE)) == timedelta(days=14)
    installation = world.memory.installation
    assert installation.settings == {}
