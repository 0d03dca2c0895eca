"""What a telephone's notice shows of a page, on every platform: all that matters in its first 100 characters."""

from __future__ import annotations

import html
from dataclasses import replace

import pytest

from bot.core.chat.card import Card
from bot.core.incident import IncidentId, Visibility
from bot.paging.cards import PAGE_TITLE, page_card, page_text
from handlers.chat.discord.rendering.presses import Ids
from handlers.chat.discord.rendering.render import message
from handlers.chat.slack.rendering.render import fallback
from tests.exhibits import ANA, FACTS

TITLE = "every payment by card fails in all shops of all countries since the last release"
LONG = "Wilhelmina Featherstonehaugh-Cholmondeley"


def first_words(platform: str, card: Card) -> str:
    """Discord's notices show a message's text alone, Slack's the fallback."""
    match platform:
        case "slack":
            return html.unescape(fallback(card))[:PAGE_TITLE]
        case "discord":
            return str(message(card, {}, Ids("mark"))["content"]).replace("**", "")[:PAGE_TITLE]
        case _:
            return card.title[:PAGE_TITLE]


@pytest.mark.parametrize("platform", ["console", "slack", "discord"])
@pytest.mark.parametrize("zone", ["Asia/Kathmandu", ""])
@pytest.mark.parametrize("severity", ["known", "none"])
def test_the_first_hundred_characters_say_all_that_matters_in_the_worst_case(
    platform: str, zone: str, severity: str
) -> None:
    """A long title, name and room, a large number, sent once more, and a mark of the platform before it."""
    incident = replace(FACTS.incident, id=IncidentId(123456), title=TITLE)
    if severity == "none":
        incident = replace(incident, severity=None)
    room = replace(FACTS.rooms[0], name="inc-123456-every-payment-by-card-fails")
    facts = replace(FACTS, incident=incident, names={ANA: LONG}, rooms=(room,))
    card = page_card(facts, 1, "", FACTS.pages[0], repeat="(repeat)", zone=zone)
    said = first_words(platform, card)
    since = "since Tue 14:45" if zone else "since Tue 09:00 UTC"
    bad = "severity not set" if severity == "none" else "SEV1"
    for part in (" every payment", f" · {bad} · INC-123456 · {since}"):
        assert part in said, said
    assert ("lead Wilhelmina" in said) is (severity == "known"), "its text names the lead, too"


@pytest.mark.parametrize("platform", ["console", "slack", "discord"])
def test_usually_there_is_room_for_the_whole_title(platform: str) -> None:
    incident = replace(FACTS.incident, title="Checkout refuses every card")
    card = page_card(replace(FACTS, incident=incident), 1, "", FACTS.pages[0], zone="UTC")
    said = first_words(platform, card)
    assert (
        "📟 Checkout refuses every card · SEV1 · INC-42 · since Tue 09:00 · lead Ana Lima" in said
    )


@pytest.mark.parametrize("platform", ["console", "slack", "discord"])
def test_a_private_incidents_notice_has_its_reference_and_a_link_alone(platform: str) -> None:
    incident = replace(FACTS.incident, title=TITLE, visibility=Visibility.PRIVATE)
    facts = replace(FACTS, incident=incident)
    card = page_card(facts, 1, "", FACTS.pages[0], zone="UTC")
    said = first_words(platform, card)
    assert "INC-42 (private)" in said
    for hidden in ("payment", "SEV", "ince", "ead", "09:00", "checkout"):
        assert hidden not in said
    assert page_text(facts, "", "UTC", "http://t.test") == (
        "INC-42 (private)",
        "http://t.test/incidents/INC-42",
    )
