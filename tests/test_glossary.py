"""The glossary is short, and its words are words of the code."""

from __future__ import annotations

import re
from pathlib import Path

ROOT = Path(__file__).resolve().parents[1]
MOST = 25
TERMS = re.findall(
    r"^\| (?!word \|)(\w[\w -]*) \|",
    (ROOT / "docs" / "glossary.md").read_text("utf-8"),
    re.MULTILINE,
)


def code() -> str:
    """All that is written in the three packages, with names as words: ``queueing_lock`` is "queueing lock"."""
    places = (ROOT / folder for folder in ("bot", "handlers", "storage"))
    texts = (path.read_text("utf-8") for place in places for path in sorted(place.rglob("*.py")))
    return re.sub(r"[_\s]+", " ", "\n".join(texts)).casefold()


def test_the_glossary_stays_short() -> None:
    assert 10 < len(TERMS) <= MOST
    assert sorted(TERMS) == TERMS
    assert len(set(TERMS)) == len(TERMS)


def test_each_term_of_the_glossary_is_a_word_of_the_code() -> None:
    text = code()
    missing = [term for term in TERMS if not re.search(rf"\b{re.escape(term)}", text)]
    assert not missing, missing


def test_newcomers_find_the_glossary() -> None:
    for page, link in (("README.md", "docs/glossary.md"), ("docs/architecture.md", "glossary.md")):
        assert f"]({link})" in (ROOT / page).read_text("utf-8"), page
