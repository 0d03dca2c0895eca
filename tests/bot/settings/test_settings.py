"""Settings: defaults, what is made when unset, and one sentence for each wrong value."""

from __future__ import annotations

import stat
from dataclasses import replace
from pathlib import Path

import pytest

from bot.settings import reference
from bot.settings.loading import SettingsError, environment, load_settings
from bot.settings.model import NAMES, Settings
from bot.settings.reference import example
from bot.wiring import discovery as plugins
from handlers.chat import console

ROOT = Path(__file__).resolve().parents[3]
SECRET = "s" * 32


@pytest.fixture(autouse=True)
def _elsewhere(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """Whatever is made, is made in an empty folder."""
    monkeypatch.chdir(tmp_path)


def loaded(**more: str) -> Settings:
    return load_settings({"TOCSIN_SECRET": SECRET, **more})


def faults(**environ: str) -> list[str]:
    with pytest.raises(SettingsError) as caught:
        load_settings(environ)
    return str(caught.value).splitlines()


def test_nothing_set_is_a_tocsin_on_loopback(tmp_path: Path) -> None:
    settings = load_settings({})
    assert settings.database_url == "sqlite+aiosqlite:///./data/tocsin.db"
    assert str(settings.bind) == "127.0.0.1:8080"
    assert settings.internal_url == "http://127.0.0.1:8080"
    assert settings.public_url == "http://127.0.0.1:8081"
    assert settings.on_loopback
    data, secret = tmp_path / "data", tmp_path / "data" / "secret"
    assert stat.S_IMODE(data.stat().st_mode) == 0o700
    assert stat.S_IMODE(secret.stat().st_mode) == 0o600
    assert [path.name for path in data.iterdir()] == ["secret"], "nothing is left behind"


# --- wrong values ------------------------------------------------------------------------------

WRONG = [
    ("TOCSIN_BIND", "8080", "127.0.0.1:8080"),
    ("TOCSIN_BIND", "nowhere:1", "an address and a port"),
    ("TOCSIN_BIND", "::1:8080", "[::]:8080"),
    ("TOCSIN_BIND", "127.0.0.1:८०", "an address and a port"),
    ("TOCSIN_PUBLIC_BIND", "127.0.0.1:99999", "an address and a port"),
    ("DATABASE_URL", "mysql://x", "sqlite+aiosqlite:///"),
    ("DATABASE_URL", "sqlite+aiosqlite:///:memory:", "sqlite+aiosqlite:///./data"),
    ("DATABASE_URL", "sqlite+aiosqlite://", "sqlite+aiosqlite:///./data"),
    ("DATABASE_URL", "postgres://u:p@h/d?sslmode=require", "PGSSLMODE"),
    ("TOCSIN_ORG", "/no/such/file.yaml", "no such file"),
    ("TOCSIN_TEMPLATES", "/no/such/folder", "no such folder"),
    ("TOCSIN_INTERNAL_URL", "tocsin.example.com", "whole address"),
    ("TOCSIN_INTERNAL_URL", "https://tocsin.example.com/bot", "without a path"),
    ("TOCSIN_INTERNAL_URL", "https://tocsin.example.com:port", "whole address"),
    ("TOCSIN_PUBLIC_URL", "https://u:p@status.example.com", "whole address"),
    ("TOCSIN_HEARTBEAT_URL", "alive", "whole address"),
    ("TOCSIN_TRACES_URL", "collector:4318", "whole address"),
    ("TOCSIN_TRUSTED_PROXIES", "10.0.0.0/99", "networks"),
    ("TOCSIN_TRUSTED_PROXIES", "proxy.example.com", "networks"),
    ("TOCSIN_SECRET", "short", "at least 32 bytes"),
    ("TOCSIN_SECRET", f"{SECRET},short", "at least 32 bytes"),
    ("TOCSIN_SECRET", ",", "at least 32 bytes"),
    ("TOCSIN_OPENID_ISSUER", "http://id.example.com", "https address"),
    ("TOCSIN_OPENID_CLIENT", "x" * 201, "200 printable"),
    ("TOCSIN_OPENID_NAME", "a\x07b", "printable"),
    ("TOCSIN_FILES", __file__, "name a folder"),
    ("TOCSIN_FILE_LIMIT", "1000", "whole number of MB"),
    ("TOCSIN_COMMAND", "a b", "letters, digits, dashes"),
    ("TOCSIN_PLUGINS", "acme paging", "Python modules"),
    ("TOCSIN_LOG_LEVEL", "loud", "debug, info"),
    ("TOCSIN_PAGE_LINKS", "both", "internal or public"),
    ("TOCSIN_KEEP_DONE_DAYS", "0", "from 1 to 36500"),
    ("TOCSIN_KEEP_EVENTS_DAYS", "-1", "from 1 to 36500"),
    ("TOCSIN_KEEP_CONSOLE_DAYS", "ever", "from 1 to 36500"),
    ("TOCSIN_KEEP_INCIDENTS_DAYS", "1.5", "from 1 to 36500"),
]


@pytest.mark.parametrize(("name", "value", "allowed"), WRONG)
def test_a_wrong_value_is_one_sentence_that_names_the_variable(
    name: str, value: str, allowed: str
) -> None:
    (sentence,) = faults(**{"TOCSIN_SECRET": SECRET, name: value})
    assert sentence.startswith(name)
    assert allowed in sentence


def test_every_setting_that_can_be_wrong_is_tried() -> None:
    cannot_be_wrong = {"TOCSIN_OPENID_SECRET"}
    assert {name for name, _, _ in WRONG} == set(NAMES) - cannot_be_wrong


def test_all_wrong_values_are_told_at_once_and_no_secret_with_them() -> None:
    said = faults(
        TOCSIN_BIND="8080",
        DATABASE_URL="mysql://tocsin:hunter22@db/tocsin",
        TOCSIN_SECRET="hunter22",
        TOCSIN_HEARTBEAT_URL="hunter22",
    )
    assert [sentence.split()[0] for sentence in said] == [
        "DATABASE_URL",
        "TOCSIN_BIND",
        "TOCSIN_SECRET",
        "TOCSIN_HEARTBEAT_URL",
    ]
    assert "hunter22" not in "".join(said)


@pytest.mark.parametrize("name", ["TOCSIN_BIND", "TOCSIN_PUBLIC_BIND"])
def test_a_bind_beyond_loopback_needs_a_secret(name: str, tmp_path: Path) -> None:
    (sentence,) = faults(**{name: "0.0.0.0:9000"})
    assert sentence.startswith("TOCSIN_SECRET must be set")
    assert name in sentence
    assert not (tmp_path / "data").exists(), "nothing is made for a start that is refused"


def test_the_two_sides_do_not_listen_in_one_place() -> None:
    (sentence,) = faults(TOCSIN_BIND="127.0.0.1:9000", TOCSIN_PUBLIC_BIND="127.0.0.1:9000")
    assert sentence.startswith("TOCSIN_PUBLIC_BIND is the same as TOCSIN_BIND")
    free = loaded(TOCSIN_BIND="127.0.0.1:0", TOCSIN_PUBLIC_BIND="127.0.0.1:0")
    assert free.bind.port == 0


def test_a_data_folder_that_cannot_be_made_is_told(tmp_path: Path) -> None:
    (tmp_path / "data").write_text("a file in its place")
    (sentence,) = faults()
    assert sentence.startswith("DATABASE_URL puts files in data")


# --- right values ------------------------------------------------------------------------------

ADDRESSES = [
    ("postgres://db/tocsin", "postgresql+asyncpg://db/tocsin"),
    ("postgresql://db/tocsin", "postgresql+asyncpg://db/tocsin"),
    ("postgresql+asyncpg://db/tocsin", "postgresql+asyncpg://db/tocsin"),
    ("sqlite:///x/tocsin.db", "sqlite+aiosqlite:///x/tocsin.db"),
]


@pytest.mark.parametrize(("written", "read"), ADDRESSES)
def test_a_database_gets_its_driver(written: str, read: str) -> None:
    assert loaded(DATABASE_URL=written).database_url == read


def test_files_lie_beside_the_database(tmp_path: Path) -> None:
    settings = load_settings({"DATABASE_URL": f"sqlite:///{tmp_path}/deep/down/t.db?timeout=3"})
    assert settings.data == tmp_path / "deep" / "down"
    assert (settings.data / "secret").exists()


def test_an_ipv6_address_stands_in_brackets() -> None:
    settings = loaded(TOCSIN_BIND="[::1]:8080")
    assert settings.bind.host == "::1"
    assert settings.bind.on_loopback
    assert settings.internal_url == "http://[::1]:8080"


def test_listening_everywhere_is_reached_by_name() -> None:
    settings = loaded(TOCSIN_BIND="0.0.0.0:8080", TOCSIN_PUBLIC_BIND="[::]:8081")
    assert settings.internal_url == "http://localhost:8080"
    assert settings.public_url == "http://localhost:8081"
    assert not settings.on_loopback


def test_behind_a_proxy_the_loopback_is_not_trusted() -> None:
    settings = loaded(TOCSIN_INTERNAL_URL="https://Tocsin.example.com:443/")
    assert settings.internal_url == "https://tocsin.example.com", "as browsers write an origin"
    assert not settings.on_loopback
    assert settings.internal_origins == {"https://tocsin.example.com"}
    assert settings.internal_hosts == {"tocsin.example.com", "127.0.0.1"}


def test_lists_have_commas(tmp_path: Path) -> None:
    settings = loaded(
        TOCSIN_TRUSTED_PROXIES="10.0.0.0/8, fd00::/8,192.168.1.7",
        TOCSIN_PLUGINS="acme.paging, acme.rooms",
        TOCSIN_COMMAND="/Sev",
        TOCSIN_TEMPLATES=str(tmp_path),
    )
    assert [str(n) for n in settings.trusted_proxies] == [
        "10.0.0.0/8",
        "fd00::/8",
        "192.168.1.7/32",
    ]
    assert settings.plugins == ("acme.paging", "acme.rooms")
    assert settings.command == "sev"
    assert settings.templates == tmp_path


def test_an_empty_variable_is_as_good_as_absent() -> None:
    assert loaded(TOCSIN_COMMAND="", TOCSIN_ORG=" ").command == "incident"


def test_the_environment_goes_before_the_file(monkeypatch: pytest.MonkeyPatch) -> None:
    Path(".env").write_text(
        f"TOCSIN_COMMAND=from-file\nTOCSIN_SECRET={SECRET}\nSLACK_BOT_TOKEN=xoxb-1\n"
    )
    assert load_settings().command == "from-file"
    monkeypatch.setenv("TOCSIN_COMMAND", "from-outside")
    settings = load_settings()
    assert settings.command == "from-outside"
    assert settings.environ["SLACK_BOT_TOKEN"] == "xoxb-1", "what plugins read"


def test_a_file_that_cannot_be_read_is_told() -> None:
    Path(".env").write_bytes(b"TOCSIN_COMMAND=\xff\xfe\n")
    with pytest.raises(SettingsError, match=r"\.env cannot be read"):
        environment()


def test_nothing_can_be_changed_afterwards() -> None:
    with pytest.raises(ValueError, match="frozen"):
        loaded().command = "sev"  # type: ignore[misc]


# --- what is written about them ----------------------------------------------------------------


def test_a_variable_that_is_not_ours_is_pointed_out() -> None:
    settings = loaded(TOCSIN_BNID="x", TOCSIN_ZZZ_YYY_XXX="y", HOME="/")
    assert settings.unknown == ("TOCSIN_BNID (did you mean TOCSIN_BIND?)", "TOCSIN_ZZZ_YYY_XXX")


def test_the_example_and_the_reference_are_up_to_date() -> None:
    said = "`python -m bot.settings` writes both"
    assert (ROOT / ".env.example").read_text(encoding="utf-8") == example(), said
    assert (ROOT / "docs/settings.md").read_text(encoding="utf-8") == reference(), said


def test_the_example_is_the_defaults() -> None:
    uncommented = example().replace("\n#", "\n")
    Path(".env").write_text(uncommented, encoding="utf-8")
    given = {name: value for name, value in environment().items() if name in NAMES}
    assert given, "the defaults are written out"
    assert without_source(load_settings(given)) == without_source(load_settings({}))


def without_source(settings: Settings) -> dict[str, object]:
    return {name: value for name, value in settings if name != "environ"}


def test_a_chat_platform_lists_its_own_variables(monkeypatch: pytest.MonkeyPatch) -> None:
    declared = replace(console.PLATFORM, variables={"CONSOLE_COLOUR": "Any."})
    monkeypatch.setattr(plugins, "built_in", lambda: (declared,))
    assert "# Any.\n#CONSOLE_COLOUR=\n" in example()
    assert "## Console\n" in reference()
    assert "| `CONSOLE_COLOUR` | – | Any. |" in reference()


def test_the_command_line_finds_the_bot_of_its_own_database_only() -> None:
    """Two of them may run from one folder: what is declared in the one must not land in the other."""

    def socket(address: str) -> Path:
        return load_settings({"DATABASE_URL": address}).socket

    assert socket("sqlite+aiosqlite:///./data/tocsin.db") == Path("data/tocsin.sock")
    assert socket("sqlite+aiosqlite:///./data/drill.db") == Path("data/drill.sock")
    here, there = (socket(f"postgresql+asyncpg://a:b@db/{name}") for name in ("one", "other"))
    assert here != there
    assert here == socket("postgresql+asyncpg://c:d@db:5432/one")
    assert here.parent == Path("data")
