"""Settings: defaults, what is made when unset, and one sentence for each wrong value."""

from __future__ import annotations

import stat
from pathlib import Path

import pytest

from bot.settings import VARIABLES, SettingsError, example, load_settings, reference

SECRET = "s" * 32


def test_nothing_set_is_a_tocsin_on_loopback(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.chdir(tmp_path)
    settings = load_settings({})

    assert str(settings.bind) == "127.0.0.1:8080"
    assert settings.public_url == "http://127.0.0.1:8081"
    data, secret = tmp_path / "data", tmp_path / "data" / "secret"
    assert stat.S_IMODE(data.stat().st_mode) == 0o700
    assert stat.S_IMODE(secret.stat().st_mode) == 0o600
    assert load_settings({}).secrets == settings.secrets, "the secret made is kept"


WRONG = [
    ("TOCSIN_BIND", "8080", "127.0.0.1:8080"),
    ("TOCSIN_BIND", "nowhere:1", "an address and a port"),
    ("TOCSIN_PUBLIC_BIND", "127.0.0.1:99999", "an address and a port"),
    ("DATABASE_URL", "mysql://x", "sqlite+aiosqlite:///"),
    ("TOCSIN_ORG", "/no/such/file.yaml", "no such file"),
    ("TOCSIN_INTERNAL_URL", "tocsin.example.com", "whole address"),
    ("TOCSIN_TRUSTED_PROXIES", "10.0.0.0/99", "networks"),
    ("TOCSIN_SECRET", "short", "at least 32 bytes"),
    ("TOCSIN_SECRET", f"{SECRET},short", "at least 32 bytes"),
    ("TOCSIN_COMMAND", "a b", "letters, digits or dashes"),
    ("TOCSIN_LOG_LEVEL", "loud", "debug, info"),
]


@pytest.mark.parametrize(("name", "value", "allowed"), WRONG)
def test_a_wrong_value_is_one_sentence_that_names_the_variable(
    name: str, value: str, allowed: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.chdir(tmp_path)
    with pytest.raises(SettingsError) as caught:
        load_settings({"TOCSIN_SECRET": SECRET, name: value})
    sentence = str(caught.value)
    assert sentence.startswith(name)
    assert allowed in sentence
    assert "\n" not in sentence


def test_a_bind_beyond_loopback_needs_a_secret() -> None:
    with pytest.raises(SettingsError, match="TOCSIN_SECRET must be set"):
        load_settings({"TOCSIN_BIND": "0.0.0.0:8080"})


def test_a_rotated_secret_signs_with_the_first_and_verifies_with_all() -> None:
    old, both = ({"TOCSIN_SECRET": s} for s in (SECRET, f"{'n' * 32},{SECRET}"))
    before, after = load_settings(old).keys("session"), load_settings(both).keys("session")
    assert after[1:] == before
    assert load_settings(old).keys("ack") != before, "one key a purpose"


def test_secrets_are_not_printed() -> None:
    url = "postgresql://tocsin:hunter22@db/tocsin"
    shown = repr(load_settings({"TOCSIN_SECRET": SECRET, "DATABASE_URL": url}))
    assert SECRET not in shown
    assert "hunter22" not in shown


def test_a_plain_postgres_address_gets_its_driver() -> None:
    found = load_settings({"TOCSIN_SECRET": SECRET, "DATABASE_URL": "postgres://db/tocsin"})
    assert found.database_url == "postgresql+asyncpg://db/tocsin"


def test_a_variable_that_is_not_ours_is_pointed_out() -> None:
    (said,) = load_settings({"TOCSIN_SECRET": SECRET, "TOCSIN_BNID": "x"}).unknown
    assert said == "TOCSIN_BNID (did you mean TOCSIN_BIND?)"


def test_the_example_and_the_reference_are_up_to_date() -> None:
    assert Path(".env.example").read_text() == example(), "python -m bot.settings writes both"
    assert Path("docs/settings.md").read_text() == reference()
    assert len({variable.name for variable in VARIABLES}) == len(VARIABLES)
