"""The packages of the core: how large they are, in which order they stand, and who knows a feature from outside."""

from __future__ import annotations

import ast
import re
import tomllib
from collections import Counter
from collections.abc import Iterator
from pathlib import Path

import pytest

from bot.wiring.features import FEATURES

ROOT = Path(__file__).resolve().parents[1]
MOST_FILES = 15
P95 = 20

# What every package may know. A file more is a decision: write in docs/decisions why no feature can have it.
CORE = [
    "__init__",
    "errors",
    "escalation",
    "incident",
    "links",
    "measures",
    "organisation",
    "people",
    "permissions",
    "reaching",
    "severity",
    "slots",
    "timeline",
    "tracing",
    "bus",
    "chat/__init__",
    "chat/card",
    "chat/codec",
    "chat/console",
    "chat/plain",
    "chat/remembered",
    "chat/replies",
    "chat/text",
    "chat/title",
    "chat/vocabulary",
    "declared/__init__",
    "declared/fields",
    "declared/sections",
    "declared/settings",
    "events/__init__",
    "events/base",
    "events/people",
    "ports/__init__",
    "ports/clock",
    "ports/declarations",
    "ports/jobs",
    "ports/keeping",
    "ports/notifier",
    "ports/occurrences",
    "ports/platforms",
    "ports/unit_of_work",
    "times/__init__",
    "times/wallclock",
    "times/when",
]

# Packages that are no features.
APART = frozenset({"admin", "cli", "core", "jobs", "language", "settings", "wiring"})
# The adapters that are a feature's own, and the files that keep its rows.
ADAPTERS = {
    "accounts": ("handlers/login/", "handlers/chat/", "handlers/incident_pages/", "storage/logins"),
    "drills": (),
    "incident_pages": ("handlers/incident_pages/",),
    "incidents": ("handlers/incident_pages/", "storage/plans"),
    "oncall": ("handlers/oncall/", "storage/oncall"),
    "organisation": ("bot/org.py", "storage/organisations"),
    "paging": ("handlers/oncall/",),
    "postmortems": ("handlers/incident_pages/",),
    "statuspage": ("handlers/statuspage/", "storage/status", "storage/maintenances"),
    "tasks": ("handlers/incident_pages/", "storage/tasks"),
    "timeline": ("handlers/incident_pages/",),
}
# Beside its line among the features: where all of them are put together, each with its reason.
WIRED = {
    "bot/wiring/features.py": "the line",
    "bot/wiring/reactions.py": "the policy table names events and the tasks that follow from them",
    "bot/wiring/packages.py": "the timeline and the rooms serve all others; they stand before the features",
    "bot/wiring/plugins.py": "what single plug-ins add",
    "bot/core/organisation.py": "for types alone",
    "bot/core/slots.py": "for types alone",
}


def files(*places: str) -> Iterator[Path]:
    for place in places:
        yield from sorted((ROOT / place).rglob("*.py"))


def place(path: Path) -> str:
    return path.relative_to(ROOT).as_posix()


def imported(path: Path) -> Iterator[str]:
    """The package of ``bot`` that each import of a file is of."""
    for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
        if isinstance(node, ast.ImportFrom) and node.module and node.level == 0:
            for alias in node.names:
                parts = f"{node.module}.{alias.name}".split(".")
                if parts[0] == "bot" and len(parts) > 1:
                    yield parts[1]


def test_the_core_is_no_larger_than_decided() -> None:
    found = {p.relative_to(ROOT / "bot/core").with_suffix("").as_posix() for p in files("bot/core")}
    assert found == set(CORE)


def test_no_package_is_large() -> None:
    sizes = Counter(path.parent for path in files("bot"))
    assert [place(folder) for folder, size in sizes.items() if size > MOST_FILES] == []


def test_functions_are_short() -> None:
    lengths = sorted(
        (node.end_lineno or 0) - node.lineno + 1
        for path in files("bot", "handlers", "storage")
        for node in ast.walk(ast.parse(path.read_text(encoding="utf-8")))
        if isinstance(node, ast.FunctionDef | ast.AsyncFunctionDef)
    )
    assert lengths[len(lengths) * 95 // 100] <= P95


def layers() -> list[str]:
    """The packages as the contract has them, the lowest first."""
    project = tomllib.loads((ROOT / "pyproject.toml").read_text(encoding="utf-8"))
    contracts = project["tool"]["importlinter"]["contracts"]
    (found,) = (each["layers"] for each in contracts if each["id"] == "bot-exhaustive")
    names = [name.strip("() ") for line in found for name in line.replace("|", ":").split(":")]
    return names[::-1]


def test_the_page_tells_the_order() -> None:
    page = (ROOT / "docs/architecture.md").read_text(encoding="utf-8")
    (told,) = re.findall(r"^    (cli → .*?)\n\n", page, re.DOTALL | re.MULTILINE)
    names = re.sub(r"\(handlers \| storage\) →", "", told).replace("|", "→").split("→")
    assert [name.strip() for name in names] == [
        name for name in layers()[::-1] if name != "__main__"
    ]


def test_the_features_stand_in_the_contract_s_order() -> None:
    ordered = [name for name in layers() if name in {feature.name for feature in FEATURES}]
    assert [feature.name for feature in FEATURES] == ordered


def features() -> list[str]:
    found = [
        path.name for path in sorted((ROOT / "bot").iterdir()) if (path / "__init__.py").exists()
    ]
    return [name for name in found if name not in APART]


def test_every_feature_that_declares_something_has_its_line() -> None:
    declaring = {name for name in features() if (ROOT / "bot" / name / "feature.py").exists()}
    assert declaring == {feature.name for feature in FEATURES}


@pytest.mark.parametrize("name", features())
def test_a_feature_is_known_to_later_ones_and_to_its_own_adapters_alone(name: str) -> None:
    later = tuple(f"bot/{each}/" for each in layers()[layers().index(name) :] if each in features())
    operators = ("bot/admin/", "bot/cli/")
    allowed = (*later, *operators, *ADAPTERS.get(name, ()), *WIRED)
    knowing = {place(p) for p in files("bot", "handlers", "storage") if name in imported(p)}
    assert {each for each in knowing if not each.startswith(allowed)} == set()


def test_a_new_noun_costs_one_line_outside_of_its_package() -> None:
    """Counted on the smallest that there is: it has settings, a timer and a start of its own."""
    knowing = [place(p) for p in files("bot", "handlers", "storage") if "retention" in imported(p)]
    outside = [each for each in knowing if not each.startswith("bot/retention/")]
    assert outside == ["bot/wiring/features.py"]
