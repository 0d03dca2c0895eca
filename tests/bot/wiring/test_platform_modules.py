"""What a chat platform's module declares: found without its vendor, refused in a sentence, and enough for a
fourth platform to need no line of the core."""

from __future__ import annotations

import ast
import sys
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import replace
from pathlib import Path
from types import ModuleType
from typing import Any

import pytest

from bot.core.errors import Fault
from bot.core.people import PersonId
from bot.core.ports.declarations import Identity, OrgSetting, PlatformModule
from bot.core.ports.platforms import (
    ChatPlatform,
    Connector,
    Finding,
    Listening,
    PlatformContext,
    Serving,
)
from bot.org import load_org, parse_org
from bot.organisation.format import OrgError
from bot.wiring import discovery as plugins
from bot.wiring.discovery import PluginError, built, built_in, connectors, declared, notices
from tests.cli import tocsin
from tests.fakes.platform import FakePlatform

ROOT = Path(__file__).resolve().parents[3]
EXAMPLE = ROOT / "examples" / "org.example.yaml"
CORE = sorted((ROOT / "bot").rglob("*.py"))
VENDORS = {"slack", "discord"}


class PigeonConnector:
    name = "pigeon"

    def build(self, context: PlatformContext) -> ChatPlatform:
        return FakePlatform("pigeon")


def connector(environ: Mapping[str, str]) -> Connector | None:
    return PigeonConnector() if environ.get("PIGEON_LOFT") else None


async def checks(environ: Mapping[str, str]) -> Sequence[Finding]:
    return ()


PIGEON = PlatformModule(
    "pigeon",
    "Pigeon",
    connector,
    {"PIGEON_LOFT": "Where the pigeons live."},
    checks,
    notices=("invite",),
    identity=Identity("pigeon_ring", "DE-[0-9]+", "must be the ring's number, such as DE-17."),
    settings=(
        OrgSetting("weather", "any", choices=("any", "fair")),
        OrgSetting("breeds", (), required="is required with Pigeon: the breeds that may fly."),
    ),
)
FILE = """\
organisation: Acme
people: {ana: {name: Ana, pigeon_ring: DE-17}}
catch_all: {notify: [person:ana]}
chat: {pigeon: {weather: fair, breeds: [homer]}, rooms: [pigeon]}
"""


@pytest.fixture
def pigeon(monkeypatch: pytest.MonkeyPatch) -> ModuleType:
    """A module of somebody else's, which settings can name."""
    module = ModuleType("acme_pigeon")
    module.__dict__["PLATFORM"] = PIGEON
    monkeypatch.setitem(sys.modules, "acme_pigeon", module)
    return module


# --- a fourth platform -------------------------------------------------------------------------


def test_a_fourth_platform_is_declared_beside_the_others(pigeon: ModuleType) -> None:
    modules = declared(["acme_pigeon"])
    assert [each.name for each in modules] == ["console", "discord", "slack", "pigeon"]
    assert connectors({}, modules) == []
    (made,) = connectors({"PIGEON_LOFT": "roof"}, modules)
    assert made.name == "pigeon"


def test_its_notices_count_as_it_says(pigeon: ModuleType) -> None:
    assert notices(declared(["acme_pigeon"]))["pigeon"] == ("invite",)


def test_its_fields_of_the_organisation_file_are_read(pigeon: ModuleType) -> None:
    org = parse_org(FILE, "org.yaml", platforms=declared(["acme_pigeon"]))
    assert org.people[PersonId("ana")].identities == {"pigeon": "DE-17"}
    assert org.chat.allowed["pigeon"] == {"weather": "fair", "breeds": ("homer",)}
    assert org.chat.rooms == ("pigeon",)


@pytest.mark.parametrize(
    ("right", "wrong", "said"),
    [
        ("DE-17", "17", "2: people.ana.pigeon_ring: must be the ring's number, such as DE-17."),
        ("weather: fair", "weather: wet", "4: chat.pigeon.weather: must be any or fair."),
        ("weather", "wether", "chat.pigeon.wether: is not a field here; did you mean weather?"),
        ("[homer]", "[]", "4: chat.pigeon.breeds: is required with Pigeon: the breeds that may"),
        ("[homer]", "homer", "4: chat.pigeon.breeds: must be a list, such as [a, b]."),
        ("rooms: [pigeon]", "rooms: [pigeons]", "pigeons is no chat platform; did you mean pigeon?"),
        ("DE-17}", "DE-17}, bo: {name: Bo, identities: {pigeon: de-17}}", "de-17 is ana's already."),
    ],
)  # fmt: skip
def test_a_mistake_in_them_is_said_in_its_words(
    pigeon: ModuleType, right: str, wrong: str, said: str
) -> None:
    with pytest.raises(OrgError) as caught:
        parse_org(FILE.replace(right, wrong), "org.yaml", platforms=declared(["acme_pigeon"]))
    assert said in str(caught.value)


def test_without_it_its_fields_are_mistakes() -> None:
    with pytest.raises(OrgError, match=r"people\.ana\.pigeon_ring: is not a field here"):
        parse_org(FILE, "org.yaml")


def test_the_command_line_reads_its_fields_too(
    pigeon: ModuleType, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    (tmp_path / "org.yaml").write_text(FILE, encoding="utf-8")
    monkeypatch.setenv("TOCSIN_PLUGINS", "acme_pigeon")
    ran = tocsin("org", "check", str(tmp_path / "org.yaml"))
    assert ran.code == 0, ran


# --- what is refused ---------------------------------------------------------------------------

WRONG: list[tuple[object, str]] = [
    (None, "acme_pigeon must offer PLATFORM, a bot.core.ports.declarations.PlatformModule; it offers none."),
    ("pigeon", "a bot.core.ports.declarations.PlatformModule; it offers a str."),
    (replace(PIGEON, name="Pigeon Post"), "PLATFORM.name is 'Pigeon Post'; write a small letter"),
    (replace(PIGEON, title=""), "PLATFORM.title is empty"),
    (replace(PIGEON, checks=lambda environ: ()), "PLATFORM.checks is no async function"),  # type: ignore[arg-type,return-value]
    (replace(PIGEON, connector="me"), "PLATFORM.connector is no function"),  # type: ignore[arg-type]
    (replace(PIGEON, variables=["LOFT"]), "PLATFORM.variables is no mapping"),  # type: ignore[arg-type]
    (replace(PIGEON, commands={"fly": 1}), "PLATFORM.commands is no mapping of names to functions"),  # type: ignore[dict-item]
    (replace(PIGEON, notices="invite"), "PLATFORM.notices is no tuple"),  # type: ignore[arg-type]
    (replace(PIGEON, identity="ring"), "PLATFORM.identity is no bot.core.ports.declarations.Identity"),  # type: ignore[arg-type]
    (replace(PIGEON, identity=Identity("ring", "[0-9]+")), "a pattern without the sentence"),
    (replace(PIGEON, settings=("weather",)), "PLATFORM.settings holds what is no"),  # type: ignore[arg-type]
    (replace(PIGEON, settings=(OrgSetting("w", "x", ("a",)),)), "the default of w is none of its"),
    (replace(PIGEON, name="slack"), "Two plugins offer the chat platform slack."),
    (replace(PIGEON, identity=Identity("slack")), "pigeon and slack both declare people's slack."),
]  # fmt: skip


@pytest.mark.parametrize(("offered", "said"), WRONG)
def test_a_module_of_a_wrong_shape_is_refused(
    pigeon: ModuleType, offered: object, said: str
) -> None:
    pigeon.__dict__["PLATFORM"] = offered
    with pytest.raises(PluginError) as caught:
        declared(["acme_pigeon"])
    assert said in str(caught.value)


@pytest.mark.parametrize("field", ["name", "email", "model_fields"])
def test_a_field_that_everybody_has_is_nobodys_to_declare(field: str) -> None:
    taken = replace(PIGEON, identity=Identity(field))
    with pytest.raises(
        Fault, match=f"declares people.….{field}, which is taken; give it another name"
    ):
        parse_org(FILE, "org.yaml", platforms=(taken,))


class _Half:
    name = "pigeon"

    async def open_room(self) -> None: ...


class _Deaf(FakePlatform):
    run = "when asked"


class _Silent(FakePlatform):
    routes = "none"


@pytest.mark.parametrize(
    ("make", "said"),
    [
        (_Half, "The platform of pigeon lacks announce_room, archive, bookmark,"),
        (lambda: _Deaf("pigeon"), "The platform pigeon has a run that is no async function."),
        (lambda: _Silent("pigeon"), "The platform pigeon has routes that are no function."),
    ],
)
def test_a_platform_of_a_wrong_shape_is_refused(make: Callable[[], Any], said: str) -> None:
    made: Any = PigeonConnector()
    made.build = lambda context: make()
    context: Any = None
    with pytest.raises(PluginError) as caught:
        built([made], context)
    assert said in str(caught.value)


def test_a_connector_without_build_is_refused() -> None:
    nothing: Any = object()
    wrong = replace(PIGEON, connector=lambda environ: nothing)
    with pytest.raises(PluginError, match="The connector of pigeon lacks build, name"):
        connectors({}, (wrong,))


# --- what the core knows -----------------------------------------------------------------------


def test_the_abilities_are_asked_by_type() -> None:
    from handlers.chat.console.gateway import ConsoleGateway
    from handlers.chat.discord.platform import Discord
    from handlers.chat.slack.connector import SlackPlatform

    able = {
        kind: (issubclass(kind, Listening), issubclass(kind, Serving))
        for kind in (ConsoleGateway, SlackPlatform, Discord)
    }
    assert able == {
        ConsoleGateway: (False, False), SlackPlatform: (True, True), Discord: (True, False)
    }  # fmt: skip


@pytest.mark.parametrize("name", ["app.py", "wiring/discovery.py", "settings/reference.py"])
def test_no_platform_is_asked_by_getattr(name: str) -> None:
    text = (ROOT / "bot" / name).read_text(encoding="utf-8")
    assert "getattr(" not in text
    assert "hasattr(" not in text


def _words(tree: ast.Module) -> Iterator[tuple[int, str]]:
    """Names and strings of a file with their lines, but docstrings."""
    said = {
        id(node.body[0].value)
        for node in ast.walk(tree)
        if isinstance(node, ast.Module | ast.ClassDef | ast.FunctionDef | ast.AsyncFunctionDef)
        and node.body
        and isinstance(node.body[0], ast.Expr)
    }
    for node in ast.walk(tree):
        if id(node) not in said:
            line = getattr(node, "lineno", 0)
            yield from ((line, text) for _, text in ast.iter_fields(node) if isinstance(text, str))


# Besides docstrings and comments, which may give an example. None so far: each would need its reason.
MAY_NAME_A_VENDOR: frozenset[str] = frozenset()


def test_the_core_names_no_vendor() -> None:
    found = [
        f"{path.relative_to(ROOT)}:{line}: {text}"
        for path in CORE
        if str(path.relative_to(ROOT)) not in MAY_NAME_A_VENDOR
        for line, text in _words(ast.parse(path.read_text(encoding="utf-8")))
        if any(vendor in text.lower() for vendor in VENDORS)
    ]
    assert found == []


def test_every_declared_field_stands_in_the_example() -> None:
    text, org = EXAMPLE.read_text(encoding="utf-8"), load_org(EXAMPLE)
    for platform in built_in():
        assert platform.identity is None or f"{platform.identity.field}: " in text
        assert all(setting.name in text for setting in platform.settings)
        assert set(org.chat.allowed.get(platform.name, {})) == {s.name for s in platform.settings}


def test_those_that_come_with_tocsin_are_what_they_should_be() -> None:
    assert plugins.declared() == built_in()
