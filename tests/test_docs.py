"""The documentation names what exists: files, tests, commands, links."""

from __future__ import annotations

import re
from pathlib import Path

import pytest

from bot.core.events.base import kinds, name_of
from bot.wiring.events_reference import reference
from bot.wiring.packages import EVENT_MODULES

ROOT = Path(__file__).resolve().parents[1]
PAGES = [ROOT / "README.md", *sorted((ROOT / "docs").rglob("*.md"))]
TESTS = "\n".join(p.read_text(encoding="utf-8") for p in (ROOT / "tests").rglob("*.py"))
TARGETS = set(re.findall(r"^([a-z-]+):", (ROOT / "Makefile").read_text("utf-8"), re.MULTILINE))


def name(page: Path) -> str:
    return str(page.relative_to(ROOT))


@pytest.mark.parametrize("page", PAGES, ids=name)
def test_every_file_that_a_page_names_exists(page: Path) -> None:
    text = page.read_text(encoding="utf-8")
    rooms = r"`((?:bot|handlers|storage|templates|tests|bench|docs)/[\w/.-]+)`"
    for path in re.findall(rooms, text):
        assert (ROOT / path).exists(), path


@pytest.mark.parametrize("page", PAGES, ids=name)
def test_every_test_command_and_target_that_a_page_names_exists(page: Path) -> None:
    text = page.read_text(encoding="utf-8")
    for test in re.findall(r"`(test_\w+)`", text):
        assert f"def {test}(" in TESTS, test
    for module in re.findall(r"python -m (bench\.\w+|tests\.\w+)", text):
        assert (ROOT / f"{module.replace('.', '/')}.py").is_file(), module
    for target in re.findall(r"(?:^|`|\s{4})make ([a-z-]+)", text, re.MULTILINE):
        assert target in TARGETS, target


@pytest.mark.parametrize("page", PAGES, ids=name)
def test_every_link_of_a_page_leads_somewhere(page: Path) -> None:
    text = page.read_text(encoding="utf-8")
    for link in re.findall(r"\]\(([^)#\s]+)(?:#[^)]*)?\)", text):
        if not link.startswith(("http://", "https://")):
            assert (page.parent / link).exists(), link


def test_the_page_of_events_is_what_the_code_says() -> None:
    page = (ROOT / "docs" / "events.md").read_text(encoding="utf-8")
    assert page == reference(), "make docs"


def test_every_event_says_what_it_is() -> None:
    for module in EVENT_MODULES:
        for kind in kinds(module):
            assert kind.__doc__, name_of(kind)
            assert not kind.__doc__.startswith(f"{kind.__name__}("), "made by dataclass"
