"""Words that are spelled like another one: what difflib finds, without comparing words that cannot match."""

from __future__ import annotations

from collections.abc import Iterable
from difflib import get_close_matches


def alike(word: str, names: Iterable[str], limit: int, cutoff: float) -> list[str]:
    """At most ``limit`` of ``names`` as ``difflib.get_close_matches`` finds them, the likeliest first.

    A letter that only one of two words has cannot match, so that many of their letters at least stay
    over: most names fall at this count of letters, long before difflib would have counted them.
    """
    letters, length = set(word), len(word)
    near = []
    for name in names:
        others = set(name)
        most = min(length - len(letters - others), len(name) - len(others - letters))
        if 2 * most >= cutoff * (length + len(name)):
            near.append(name)
    return get_close_matches(word, near, limit, cutoff)
