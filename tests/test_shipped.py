"""What is shipped for operators is kept right: container, compose, systemd units, alert rules, dashboard.

No engine runs here: the files are read, and what they name must exist.
"""

from __future__ import annotations

import configparser
import json
import re
import tomllib
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import yaml

from bot.core import measures
from bot.settings.loading import load_settings
from bot.settings.model import NAMES

ROOT = Path(__file__).parent.parent
COMPOSE = yaml.safe_load((ROOT / "compose.yaml").read_text())
DOCKERFILE = (ROOT / "Dockerfile").read_text().replace("\\\n", " ")


def lines(word: str) -> list[str]:
    """What follows an instruction of the Dockerfile, instruction by instruction."""
    return re.findall(rf"^{word} +(.*)$", DOCKERFILE, re.MULTILINE)


def image_settings() -> dict[str, str]:
    pairs = (pair for line in lines("ENV") for pair in line.split())
    return dict(pair.split("=", 1) for pair in pairs)


def test_every_base_is_pinned_to_a_patch_release_that_the_project_supports() -> None:
    bases = [line.split()[0] for line in lines("FROM")] + [COMPOSE["services"]["postgres"]["image"]]
    for base in bases:
        assert re.fullmatch(r"[a-z]+:\d+\.\d+(\.\d+)?-[a-z-]+", base), base
    project = tomllib.loads((ROOT / "pyproject.toml").read_text())["project"]
    minor = int(bases[0].split(":")[1].split(".")[1])
    assert minor >= int(project["requires-python"].removeprefix(">=3."))


def test_the_image_runs_as_nobody_in_particular_and_says_when_it_is_ready() -> None:
    assert lines("USER") == ["10001"]
    assert DOCKERFILE.index("\nUSER") < DOCKERFILE.index("\nENTRYPOINT")
    [health] = lines("HEALTHCHECK")
    assert "/readyz" in health
    assert lines("ENTRYPOINT") == ['["tocsin"]']
    assert lines("CMD") == ['["run"]']


def test_the_image_holds_every_room_and_ignores_the_rest() -> None:
    project = tomllib.loads((ROOT / "pyproject.toml").read_text())
    packages = set(project["tool"]["hatch"]["build"]["targets"]["wheel"]["packages"])
    copied = {word for line in lines("COPY") if "--from" not in line for word in line.split()[:-1]}
    assert packages <= copied
    assert all((ROOT / name).exists() for name in copied)
    ignored = (ROOT / ".dockerignore").read_text().splitlines()
    assert {line[1:] for line in ignored if line.startswith("!")} == copied


def test_the_image_listens_on_the_ports_that_it_exposes_and_compose_publishes() -> None:
    found = image_settings()
    ports = {found[name].rpartition(":")[2] for name in ("TOCSIN_BIND", "TOCSIN_PUBLIC_BIND")}
    assert set(lines("EXPOSE")[0].split()) == ports
    published = [port.split(":") for port in COMPOSE["services"]["tocsin"]["ports"]]
    assert {port[-1] for port in published} == ports
    assert {port[0] for port in published} == {"127.0.0.1"}


def test_every_setting_that_compose_and_image_give_exists_and_loads(tmp_path: Path) -> None:
    given = COMPOSE["services"]["tocsin"]["environment"]
    ours = {n: v for n, v in {**image_settings(), **given}.items() if n in NAMES}
    assert {n for n in given if n not in NAMES} == set()
    filled = {name: _filled(value) for name, value in ours.items()}
    (tmp_path / "org.yaml").write_text((ROOT / "examples" / "org.example.yaml").read_text())
    settings = load_settings({**filled, "TOCSIN_ORG": str(tmp_path / "org.yaml")})
    assert settings.database_url.startswith("postgresql+asyncpg://tocsin:")


def _filled(value: str) -> str:
    """With compose's ${NAME:-default} and ${NAME:?message} as an .env would fill them."""
    defaults = re.sub(r"\$\{\w+:-([^}]*)\}", r"\1", value)
    return re.sub(r"\$\{\w+:\?[^}]*\}", "0123456789abcdef" * 4, defaults)


def test_the_database_of_compose_is_the_one_that_the_bot_is_given() -> None:
    services = COMPOSE["services"]
    url = services["tocsin"]["environment"]["DATABASE_URL"]
    database = services["postgres"]["environment"]
    user, name = database["POSTGRES_USER"], database["POSTGRES_DB"]
    assert f"//{user}:" in url
    assert url.endswith(f"@postgres:5432/{name}")
    assert services["tocsin"]["depends_on"]["postgres"]["condition"] == "service_healthy"
    assert user in services["postgres"]["healthcheck"]["test"][1]
    mounted = {v.split(":")[0] for s in services.values() for v in s["volumes"]} - {"./org.yaml"}
    assert mounted == set(COMPOSE["volumes"])
    assert (
        f"{services['tocsin']['environment']['TOCSIN_ORG']}:ro" in services["tocsin"]["volumes"][0]
    )
    assert services["tocsin"]["read_only"] is True


def units() -> Iterator[tuple[str, configparser.ConfigParser]]:
    for path in sorted((ROOT / "examples").glob("tocsin*.service")):
        parser = configparser.ConfigParser(interpolation=None, strict=False)
        parser.optionxform = str  # type: ignore[assignment,method-assign]
        parser.read(path)
        yield path.name, parser


def test_the_units_run_commands_that_exist_as_somebody_without_rights() -> None:
    from bot.cli.reference import reference

    known = reference()
    found = dict(units())
    assert set(found) == {"tocsin.service", "tocsin-backup.service"}
    for name, unit in found.items():
        service = unit["Service"]
        assert service["User"] == "tocsin", name
        for key in ("ExecStart", "ExecReload"):
            if key in service:
                words = service[key].split()[1:]
                verb = " ".join(w for w in words[:2] if w.isalpha())
                assert f"`tocsin {verb}" in known, (name, key)
    assert found["tocsin.service"]["Service"]["Restart"] == "always"
    assert (ROOT / "examples" / "tocsin-backup.timer").exists()


# What neither the bot nor its backup needs, so that a fault in them reaches no further than their folder.
FENCE = {
    "NoNewPrivileges": "true",
    "ProtectSystem": "strict",
    "ProtectHome": "true",
    "PrivateTmp": "true",
    "PrivateDevices": "true",
    "ProtectKernelTunables": "true",
    "ProtectKernelModules": "true",
    "ProtectControlGroups": "true",
    "RestrictNamespaces": "true",
    "RestrictSUIDSGID": "true",
    "SystemCallArchitectures": "native",
    "CapabilityBoundingSet": "",
    "UMask": "0077",
    "StateDirectoryMode": "0700",
}


def test_the_units_reach_no_further_than_their_folder_and_the_network() -> None:
    for name, unit in units():
        service = unit["Service"]
        assert {key: service.get(key) for key in FENCE} == FENCE, name
        assert service["WorkingDirectory"] == f"/var/lib/{service['StateDirectory']}", name
        assert set(service["RestrictAddressFamilies"].split()) == {"AF_UNIX", "AF_INET", "AF_INET6"}


def metric_names() -> set[str]:
    """Every name under which a sample is exposed."""
    names: set[str] = set()
    for family in measures.REGISTRY.collect():
        ends = {"counter": ("_total",), "histogram": ("_bucket", "_sum", "_count")}
        names |= {family.name + end for end in ends.get(family.type, ("",))}
    return names


def expressions() -> Iterator[tuple[str, str]]:
    rules = yaml.safe_load((ROOT / "examples" / "prometheus-alerts.yaml").read_text())
    for group in rules["groups"]:
        for rule in group["rules"]:
            yield rule["alert"], rule["expr"]
    board: dict[str, Any] = json.loads((ROOT / "examples" / "grafana-dashboard.json").read_text())
    for panel in board["panels"]:
        for target in panel["targets"]:
            yield panel["title"], target["expr"]


def test_every_metric_that_a_rule_or_a_panel_names_exists() -> None:
    known, named = metric_names(), set()
    for where, expression in expressions():
        found = set(re.findall(r"\btocsin_\w+", expression))
        assert found, where
        assert found <= known, (where, found - known)
        named |= found
    assert "tocsin_jobs_dead" in named


def test_every_rule_says_what_it_means_and_what_to_do() -> None:
    rules = yaml.safe_load((ROOT / "examples" / "prometheus-alerts.yaml").read_text())
    for rule in rules["groups"][0]["rules"]:
        assert set(rule["annotations"]) == {"summary", "todo"}, rule["alert"]
