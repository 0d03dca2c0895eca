"""Titles are what people typed, to the character."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.core.chat.title import TITLE_LIMIT, clean_title, isolate, label, one_line, shortened
from bot.core.errors import Invalid

CONTROLS = "\n\r\t\x00\x1b\x7f\x85\u2028\u2029\ud83d"
CLOSERS = "\u202c\u2069"

KEPT = [
    "two  spaces", "a\u00a0hard space", "\U0001f3f4\U000e0067\U000e0062\U000e0065\U000e006e\U000e0067\U000e007f",
    "\U0001fae9 newer than this Python", "\ue000 private", "soft\u00adhyphen", "zero\u200bwidth", "👩\u200d🚒",
    "'quoted' by apostrophes", "الدفع معطل", "<!channel> @everyone", "e\u0301",
]  # fmt: skip


@pytest.mark.parametrize("title", KEPT)
def test_a_title_is_kept_to_the_character(title: str) -> None:
    assert clean_title(title) == title


@pytest.mark.parametrize("control", CONTROLS)
def test_a_newline_or_control_character_becomes_one_space(control: str) -> None:
    assert clean_title(f"one{control}two") == "one two"
    assert clean_title(f"one {control}{control} two") == "one two"
    assert clean_title(f"{control}one{control}") == "one"


@given(st.text(st.characters(), max_size=TITLE_LIMIT))
def test_no_character_of_any_title_is_lost(raw: str) -> None:
    try:
        title = clean_title(raw)
    except Invalid:
        assert not any(c.isalnum() for c in raw)
        return
    body = title.rstrip(CLOSERS)
    assert body == one_line(raw).strip().rstrip(CLOSERS)
    lost = "".join(c for c in raw if c not in CONTROLS and not c.isspace() and c.isprintable())
    assert lost == "".join(c for c in title if not c.isspace() and c.isprintable())
    assert not set(CONTROLS) & set(title)


@given(st.text(st.sampled_from("ab\u202a\u202e\u2066\u2068\u202c\u2069"), max_size=20))
def test_every_embedding_and_isolate_that_a_title_opens_is_closed(raw: str) -> None:
    closed = isolate(raw)
    assert closed.startswith(raw)
    assert isolate(closed) == closed


@pytest.mark.parametrize("raw", ["", " \n\t ", "\x00\x01", "\u202e", "\u200b", "\u00a0"])
def test_a_title_of_nothing_is_refused_with_what_to_type(raw: str) -> None:
    with pytest.raises(Invalid, match="/incident declare"):
        clean_title(raw)


def test_what_is_too_long_ends_between_words() -> None:
    title = clean_title("word " * 100)
    assert title.endswith("word…")
    assert len(title) <= TITLE_LIMIT
    assert shortened("x" * 400, 300) == "x" * 299 + "…"


def test_a_label_is_closed_in_itself() -> None:
    assert label("pay \u202eevil" + "x" * 100).endswith("\u202c")
    assert label("one\ntwo") == "one two"
