"""The secret: made when unset, kept, rotated, one key a purpose, and never shown."""

from __future__ import annotations

import stat
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import pytest

from bot.settings.loading import SettingsError, load_settings
from bot.settings.model import Settings

SECRET = "s" * 32


@pytest.fixture(autouse=True)
def _elsewhere(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """Whatever is made, is made in an empty folder."""
    monkeypatch.chdir(tmp_path)


def loaded(**more: str) -> Settings:
    return load_settings({"TOCSIN_SECRET": SECRET, **more})


def test_the_secret_made_is_kept() -> None:
    first = load_settings({}).keys("session")
    assert load_settings({}).keys("session") == first
    assert len(first) == 1


def test_processes_that_start_together_agree_on_the_secret() -> None:
    with ThreadPoolExecutor(8) as pool:
        keys = list(pool.map(lambda _: load_settings({}).keys("session"), range(32)))
    assert len(set(keys)) == 1


def test_a_secret_file_that_others_may_read_is_closed() -> None:
    load_settings({})
    secret = Path("data/secret")
    secret.chmod(0o644)
    load_settings({})
    assert stat.S_IMODE(secret.stat().st_mode) == 0o600


def test_a_secret_file_that_was_cut_short_is_refused() -> None:
    load_settings({})
    Path("data/secret").write_text("")
    with pytest.raises(
        SettingsError, match=r"^TOCSIN_SECRET is not set and data/secret holds fewer"
    ):
        load_settings({})


def test_a_rotated_secret_signs_with_the_first_and_verifies_with_all() -> None:
    before = loaded().keys("session")
    after = loaded(TOCSIN_SECRET=f"{'n' * 32},{SECRET}").keys("session")
    assert after[1:] == before
    assert after[0] != before[0]


def test_each_purpose_has_its_own_key() -> None:
    settings = loaded()
    assert settings.keys("ack") != settings.keys("session")
    assert SECRET.encode() not in settings.keys("ack")


def test_secrets_are_not_printed() -> None:
    settings = loaded(
        DATABASE_URL="postgresql://tocsin:hunter22@db/tocsin",
        TOCSIN_HEARTBEAT_URL="https://alive.example.com/hunter22",
        SLACK_BOT_TOKEN="hunter22",
    )
    for shown in (repr(settings), str(settings), f"{settings.secret} {settings.heartbeat}"):
        assert SECRET not in shown
        assert "hunter22" not in shown


def test_what_logs_must_hide_is_known() -> None:
    settings = loaded(
        DATABASE_URL="postgresql://tocsin:hunter%4022@db/tocsin",
        TOCSIN_HEARTBEAT_URL="https://alive.example.com/1",
        SLACK_BOT_TOKEN="xoxb-12345",
        ANY_PASSWORD="short",
        LANG="C.UTF-8-long",
    )
    assert settings.hidden == {
        SECRET,
        "hunter%4022",
        "hunter@22",
        "https://alive.example.com/1",
        "xoxb-12345",
    }
