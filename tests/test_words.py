"""A flag is a bool: no "yes" and no "no" in the code but where somebody outside says the word."""

from __future__ import annotations

import ast
from collections.abc import Iterator

import pytest

from tests.test_house import PACKAGES, none_of, sources, tree

# Where the word is not a flag of ours, each with its reason.
MAY_SAY = {
    "bot/core/chat/vocabulary.py": "TICKED: what browsers and platforms send for a flag of a form",
    "bot/core/timeline.py": "MAJOR_STORED: what rows of every release hold",
    "bot/organisation/schedules/cells.py": "what people write in the cells of a schedule",
    "bot/core/declared/fields.py": "what people write in the organisation file",
    "storage/sql/types.py": "YesOrNothing: the columns that the release before reads",
}
# Migrations speak of what was stored.
MIGRATIONS = "storage/migrations/"


def words_as_flags(module: ast.Module) -> Iterator[int]:
    """The lines where "yes" or "no" stands as a value; an enum's own values are none of them."""
    named = {id(inner) for node in ast.walk(module) if is_enum(node) for inner in ast.walk(node)}
    for node in ast.walk(module):
        if isinstance(node, ast.Constant) and node.value in ("yes", "no") and id(node) not in named:
            yield node.lineno


def is_enum(node: ast.AST) -> bool:
    return isinstance(node, ast.ClassDef) and any(
        isinstance(base, ast.Name) and base.id.endswith("Enum") for base in node.bases
    )


def complaints() -> Iterator[str]:
    for name in sources(*PACKAGES):
        if name not in MAY_SAY and not name.startswith(MIGRATIONS):
            for line in words_as_flags(tree(name)):
                yield f'{name}:{line}: "yes" or "no" as a value; a flag is a bool, three states an enum'


def test_no_flag_is_a_word() -> None:
    none_of(complaints())


@pytest.mark.parametrize("name", MAY_SAY)
def test_an_exception_that_is_not_needed_any_more_is_taken_off_the_list(name: str) -> None:
    assert list(words_as_flags(tree(name)))


@pytest.mark.parametrize(
    "code",
    [
        'if speaker.allowed == "yes": pass',
        'Reply(card, fleeting="yes")',
        'class Speaker:\n    allowed: str = "yes"',
        'def subscribe(wanted: str = "no"): pass',
        'private = "yes" if sealed else ""',
    ],
)
def test_a_word_that_comes_back_is_found(code: str) -> None:
    assert list(words_as_flags(ast.parse(code)))


def test_an_enum_may_have_such_a_value() -> None:
    assert not list(words_as_flags(ast.parse('class Major(StrEnum):\n    YES = "yes"')))
