"""Arbitrary cards, for whoever must show any."""

from __future__ import annotations

from datetime import UTC, datetime

from hypothesis import strategies as st

from bot.views.card import (
    Bullets,
    Button,
    Buttons,
    Card,
    Checklist,
    Clock,
    Code,
    Context,
    Field,
    Fields,
    Link,
    Mention,
    Plain,
    Quote,
    RoomLink,
    Step,
    StepState,
    Strong,
    Style,
    Text,
    Tone,
    When,
)

NASTY = [
    "@everyone",
    "<@123>",
    "<#1>",
    "**",
    "```",
    "> ",
    "# ",
    "-# ",
    "[a](http://x.example)",
    "\\",
    "🔥",
    "\u202e",
]
words = st.one_of(
    st.text(max_size=40),
    st.lists(st.sampled_from(NASTY), max_size=6).map("".join),
    st.sampled_from([1, 10, 100, 400]).map(lambda n: "long words " * n),
    st.sampled_from([1, 90, 300, 1100, 5000]).map(lambda n: "x" * n),
)
urls = st.sampled_from(
    ["https://example.org/a", "http://127.0.0.1:8080/x?y=(z)", "https://e.org/" + "a" * 600]
)
moments = st.integers(600_000_000, 4_000_000_000).map(lambda at: datetime.fromtimestamp(at, UTC))
spans = st.one_of(
    st.builds(Plain, words),
    st.builds(Strong, words),
    st.builds(Code, words),
    st.builds(Mention, st.sampled_from(["ana", "bo"]), words),
    st.builds(When, moments, st.sampled_from(Clock)),
    st.builds(Link, words, urls),
    st.builds(RoomLink, st.sampled_from(["discord", "slack"]), st.just("42"), words, urls),
)
lines = st.lists(spans, max_size=4).map(tuple)
buttons = st.builds(
    Button,
    words,
    words,
    st.sampled_from(Style),
    st.sampled_from(["", "", "https://e.org"]),
    st.sampled_from(["", "Sure?"]),
)
blocks = st.one_of(
    st.builds(Text, lines),
    st.builds(Fields, st.lists(st.builds(Field, words, lines), max_size=30).map(tuple)),
    st.builds(Bullets, st.lists(lines, max_size=30).map(tuple)),
    st.builds(Quote, words),
    st.builds(Context, lines),
    st.builds(
        Checklist,
        st.lists(st.builds(Step, words, st.sampled_from(StepState), words), max_size=8).map(tuple),
    ),
    st.builds(Buttons, st.lists(buttons, max_size=30).map(tuple)),
)
cards = st.builds(Card, words, st.lists(blocks, max_size=12).map(tuple), st.sampled_from(Tone))
