"""A text as people type it, cut into words with their places, and its double-quoted part."""

from __future__ import annotations

import re
from dataclasses import dataclass

_WORD = re.compile(r"\S+")
# Straight and typographic double quotes; apostrophes never quote.
MARKS = '"\u201c\u201d\u201e\u00ab\u00bb'
# What buttons and forms put around a text that has double quotes in it itself: nobody types these.
BRACKETS = (("\u27e6", "\u27e7"), ("\u2e28", "\u2e29"), ("\u2983", "\u2984"))
_TYPED = r"[\"\u201c\u201d\u201e\u00ab](.*?)[\"\u201c\u201d\u00bb]"
_QUOTED = re.compile(
    r"(?:^|(?<=\s))(?:" + "|".join((_TYPED, *(f"{a}(.*?){b}" for a, b in BRACKETS))) + r")(?=\s|$)",
    re.DOTALL,
)
_DASHES = ("--", "\u2014", "\u2013")


@dataclass(frozen=True, slots=True)
class Word:
    text: str
    start: int
    end: int

    @property
    def flag(self) -> str | None:
        """``private`` for ``--private``; phones make one dash of two."""
        for dash in _DASHES:
            if self.text.startswith(dash) and len(self.text) > len(dash):
                return self.text.removeprefix(dash).casefold()
        return None


def words(text: str) -> list[Word]:
    return [Word(found[0], found.start(), found.end()) for found in _WORD.finditer(text)]


@dataclass(frozen=True, slots=True)
class Quoted:
    """What stood between quotes, and the text with that part blanked (places stay as they were)."""

    inside: str
    around: str
    start: int
    end: int


def quoted(text: str) -> Quoted | None:
    """The first double-quoted part that is not empty."""
    matches = ((m, m[m.lastindex or 1]) for m in _QUOTED.finditer(text))
    found, inside = next(((m, said) for m, said in matches if said.strip()), (None, ""))
    if found is None:
        return None
    blank = " " * (found.end() - found.start())
    around = text[: found.start()] + blank + text[found.end() :]
    return Quoted(inside, around, found.start(), found.end())
