"""From /incident to a war room on Slack."""

from __future__ import annotations

from tests.handlers.chat.slack.running import Tocsin


async def test_one_command_makes_a_war_room(tocsin: Tocsin) -> None:
    bo = tocsin.person("bo")
    told = await bo.types("/incident declare checkout is down sev1 #checkout")
    assert "INC-1" in told.words
    slack = tocsin.slack
    await tocsin.until(lambda: any(c.pinned for c in slack.made_by_bot()), "a pinned card")
    (room,) = [c for c in slack.made_by_bot() if c.name.startswith("inc-")]
    await tocsin.until(lambda: bo.id in room.members and room.topic and room.bookmarks, "the rest")
    assert room.name == "inc-1-checkout-is-down"
    (card,) = room.pinned
    assert "checkout is down" in card.words
    await tocsin.until(
        lambda: any(c.name == "incidents" and c.said("INC-1") for c in slack.made_by_bot()),
        "announced",
    )
    delivery = await bo.presses("Take the lead", card)
    await bo.answered(delivery)
    await tocsin.until(lambda: f"<@{bo.id}>" in room.pinned[0].words, "the card follows")
