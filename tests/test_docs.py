"""The documentation names what exists: files, tests, commands, links."""

from __future__ import annotations

import re
from collections.abc import Iterator
from pathlib import Path

import pytest

from bot.core.events.base import kinds, name_of
from bot.wiring.events_reference import reference
from bot.wiring.packages import EVENT_MODULES
from tests.test_house import PACKAGES, none_of, sources, text

ROOT = Path(__file__).resolve().parents[1]
FRONT = ("README.md", "CONTRIBUTING.md", "SECURITY.md")
PAGES = [*(ROOT / page for page in FRONT), *sorted((ROOT / "docs").rglob("*.md"))]
TESTS = "\n".join(p.read_text(encoding="utf-8") for p in (ROOT / "tests").rglob("*.py"))
TARGETS = set(re.findall(r"^([a-z-]+):", (ROOT / "Makefile").read_text("utf-8"), re.MULTILINE))


def name(page: Path) -> str:
    return str(page.relative_to(ROOT))


@pytest.mark.parametrize("page", PAGES, ids=name)
def test_every_file_that_a_page_names_exists(page: Path) -> None:
    text = page.read_text(encoding="utf-8")
    places = r"`((?:bot|handlers|storage|templates|tests|bench|docs)/[\w/.-]+)`"
    for path in re.findall(places, text):
        assert (ROOT / path).exists(), path


@pytest.mark.parametrize("page", PAGES, ids=name)
def test_every_test_command_and_target_that_a_page_names_exists(page: Path) -> None:
    text = page.read_text(encoding="utf-8")
    for test in re.findall(r"`(test_\w+)`", text):
        assert f"def {test}(" in TESTS, test
    for path in re.findall(r"pytest (tests/[\w/.]+)|`(\.ci/\w+)`", text):
        assert (ROOT / "".join(path)).is_file(), path
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


def misnamed(content: str) -> Iterator[tuple[int, str]]:
    """The modules and files of ours that a text quotes and that are not there."""
    for line, words in enumerate(content.splitlines(), 1):
        for dotted in re.findall(r"`((?:bot|handlers|storage)(?:\.\w+)+)`", words):
            if not known(dotted):
                yield line, dotted
        for path in re.findall(r"`([\w/]+/\w+\.py)`", words):
            if not (ROOT / path).is_file():
                yield line, path


def known(dotted: str) -> bool:
    """Whether it is a package, a module, or a name in one."""
    path = ROOT / dotted.replace(".", "/")
    if path.is_dir() or path.with_suffix(".py").is_file():
        return True
    module = path.parent
    source = module / "__init__.py" if module.is_dir() else module.with_suffix(".py")
    return source.is_file() and bool(re.search(rf"\b{path.name}\b", source.read_text("utf-8")))


@pytest.mark.parametrize("page", PAGES, ids=name)
def test_every_module_that_a_page_quotes_exists(page: Path) -> None:
    none_of(f"{line}: {words}" for line, words in misnamed(page.read_text(encoding="utf-8")))


def test_every_module_that_a_docstring_quotes_exists() -> None:
    none_of(
        f"{path}:{line}: {words}"
        for path in sources(*PACKAGES)
        for line, words in misnamed(text(path))
    )


def test_a_module_that_is_not_there_is_found() -> None:
    gone = "`services/reactions.py`, ``bot.ports.Identity``, `bot.app`, `bot.core.bus.Bus`, `bot/app.py`"
    assert [words for _, words in misnamed(gone)] == ["bot.ports.Identity", "services/reactions.py"]


def test_the_page_of_events_is_what_the_code_says() -> None:
    page = (ROOT / "docs" / "events.md").read_text(encoding="utf-8")
    assert page == reference(), "make docs"


def test_every_event_says_what_it_is() -> None:
    for module in EVENT_MODULES:
        for kind in kinds(module):
            assert kind.__doc__, name_of(kind)
            assert not kind.__doc__.startswith(f"{kind.__name__}("), "made by dataclass"
