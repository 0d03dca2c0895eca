"""No word that only this project's history explains comes back as a name in the code, and no comment or
document cites a paper that does not come with the code.

``docs/glossary.md`` has the terms that are ours after all; what the database and the wire call things stays there.
"""

from __future__ import annotations

import ast
import io
import re
import tokenize
from collections.abc import Iterator
from pathlib import Path

import pytest

from tests.test_house import files as tracked
from tests.test_house import none_of, text

ROOT = Path(__file__).parents[1]
CODE = ("bot", "handlers", "storage")
# What is about to go away as a whole.
LEAVING: tuple[str, ...] = ()

# The word, and what it is called now.
WORDS = {
    "ailing": "platform_degraded",
    "attic": "archive",
    "brisk": "dispatching",
    "buried": "failed",
    "bury": "fail",
    "crew": "roles, or member_names",
    "dedupe": "queueing_lock",
    "desk": "context",
    "door": "adapter",
    "doors": "adapters, or routes",
    "ear": "listener",
    "ears": "router",
    "erasing": "redaction",
    "erasure": "redaction",
    "firing": "scheduler",
    "fleeting": "one_time",
    "forgetting": "retention",
    "glance": "peek",
    "glimpse": "read_inline",
    "glimpses": "read_inline",
    "glimpsing": "read_inline",
    "hands": "leases",
    "hasty": "fail_fast",
    "house": "installation",
    "housed": "has_installation",
    "hush": "suppress_wakeup",
    "misset": "ConfigError",
    "noises": "notifications",
    "overheard": "room_message",
    "surroundings": "platform_context",
    "tracking": "incident_pages",
    "veiled": "redact_merge_target",
}
# Names that were verbs of the job table and of storage: exactly these, since their words are good ones elsewhere.
NAMES = {
    "absorb": "merge_people",
    "bearers": "holders",
    "give_back": "release_unheld",
    "ring": "take_due",
    "Brisk": "DispatchingMemory",
    "Company": "Deployment",
    "Flood": "InvalidAnswer",
    "Gone": "RoomMissing",
    "Kept": "KeyValueStore",
    "Runs": "Executor",
    "Steady": "CappedBackoff",
    "Taken": "Claimed",
    "Unsaid": "MessageMissing",
    "Tracker": "IncidentPages: trackers are GitHub and Jira",
    "tracker": "incident_pages: trackers are GitHub and Jira",
    "Well": "PlatformRecovered",
}
# A reader has the repository and what vendors and standards publish, and nothing else.
PAPERS = re.compile(
    r"\b(?:DESIGN|PRODUCT|PLATFORMS|SCHEDULES|STYLE|HOUSE)\b|\bissue \d|\b(?:bar|words) of the issue\b"
)
THIS = "tests/test_names.py"


def test_no_old_word_is_a_name() -> None:
    found = [
        f"{path.relative_to(ROOT)}:{line}: {name} (say {instead})"
        for path in files()
        for line, name in names(ast.parse(path.read_text(encoding="utf-8")))
        if (instead := better(name))
    ]
    assert not found, "\n" + "\n".join(found)


def test_no_old_word_is_a_module() -> None:
    found = [
        f"{path.relative_to(ROOT)} (say {instead})"
        for path in files()
        for part in path.relative_to(ROOT).with_suffix("").parts
        if (instead := better(part))
    ]
    assert not found, "\n" + "\n".join(found)


def test_words_are_found_within_names() -> None:
    assert all(better(name) for name in ("_take_hands", "SqlHouse", "JOBS_BURIED", "Taken"))
    assert not any(better(name) for name in ("hand_over", "earlier", "outdoors", "LeaseTracker"))


def test_nothing_cites_a_paper_that_is_not_here() -> None:
    none_of(
        f"{name}:{line}: {cited} (say the rule itself, or link into docs/)"
        for name in tracked()
        if name != THIS
        for line, cited in citations(name, text(name))
    )


@pytest.mark.parametrize(
    ("name", "words"),
    [
        ("bot/app.py", "LIMIT = 8  # Every call has a limit (DESIGN 3.4)"),
        ("bot/app.py", '"""What an attempt has made (PRODUCT 2)."""'),
        ("docs/slack.md", "At most 50 blocks, see PLATFORMS."),
        ("Makefile", "# the bar of the issue"),
    ],
)
def test_a_citation_that_comes_back_is_found(name: str, words: str) -> None:
    assert list(citations(name, words))


def test_a_constant_is_no_citation() -> None:
    assert not list(
        citations("tests/parity.py", 'PLATFORMS = ("console", "slack")  # see RFC 5545')
    )


def citations(name: str, content: str) -> Iterator[tuple[int, str]]:
    """The papers that a file cites; of a Python file its comments and texts count, not its names."""
    for line, words in prose(content) if name.endswith(".py") else [(1, content)]:
        for found in PAPERS.finditer(words):
            yield line + words.count("\n", 0, found.start()), found[0]


def prose(code: str) -> Iterator[tuple[int, str]]:
    for token in tokenize.generate_tokens(io.StringIO(code).readline):
        if token.type in (tokenize.COMMENT, tokenize.STRING):
            yield token.start[0], token.string


def files() -> Iterator[Path]:
    for folder in CODE:
        for path in sorted((ROOT / folder).rglob("*.py")):
            if not path.relative_to(ROOT).as_posix().startswith(LEAVING):
                yield path


def better(name: str) -> str:
    """What to call it instead; empty when the name is as good as any."""
    if name in NAMES:
        return NAMES[name]
    parts = re.findall(r"[A-Z]+(?![a-z])|[A-Z]?[a-z]+", name)
    return next((WORDS[part.lower()] for part in parts if part.lower() in WORDS), "")


def names(tree: ast.AST) -> Iterator[tuple[int, str]]:
    """What a module gives a name to: functions, classes, arguments, variables, fields, attributes."""
    for node in ast.walk(tree):
        match node:
            case (
                ast.FunctionDef(name=name)
                | ast.AsyncFunctionDef(name=name)
                | ast.ClassDef(name=name)
            ):
                yield node.lineno, name
            case (
                ast.arg(arg=name)
                | ast.Name(id=name, ctx=ast.Store())
                | ast.Attribute(attr=name, ctx=ast.Store())
            ):
                yield node.lineno, name
            case ast.alias(asname=str(name)):
                yield node.lineno, name
            case _:
                pass
