"""What the core may rely on of any chat platform: the same promises, kept by each in its own way."""

from __future__ import annotations

import dataclasses
from collections.abc import AsyncIterator
from pathlib import Path

import pytest
from hypothesis import HealthCheck, Phase, given, settings

from bot.core.chat.card import Button, Buttons, Card, Mention, Plain, Text, text
from bot.core.chat.vocabulary import MessageRef, Refused, Retry, Room, RoomSpec, Secrecy
from tests.contracts.cards import CARDS, tricky
from tests.contracts.subjects import NAMES, Posted, Subject, patiently, subject

CARD = Card(
    "INC-1 checkout is down", (text("Nobody leads yet."), Buttons((Button("Lead", "lead"),)))
)
SPEC = RoomSpec("inc-1-checkout-is-down", "SEV1 · checkout", "abc:inc1:room")


@pytest.fixture(params=NAMES)
async def under(request: pytest.FixtureRequest, tmp_path: Path) -> AsyncIterator[Subject]:
    async with subject(request.param, tmp_path) as made:
        yield made


async def opened(under: Subject, spec: RoomSpec = SPEC) -> Room:
    return await under.platform.open_room(dataclasses.replace(spec, creator=under.people[1]))


async def only_post(under: Subject, room: str) -> Posted:
    posts = (await under.place(room)).posts
    assert len(posts) == 1
    return posts[0]


# --- rooms ---------------------------------------------------------------------------------------


async def test_a_room_has_the_name_that_was_asked_for(under: Subject) -> None:
    room = await opened(under)

    place = await under.place(room.id)
    assert (room.platform, room.name, place.name) == (under.platform.name, SPEC.name, SPEC.name)
    assert not place.private
    assert not place.archived
    assert room.url.startswith("http")


async def test_a_room_for_the_invited_is_private(under: Subject) -> None:
    room = await opened(under, dataclasses.replace(SPEC, secrecy=Secrecy.INVITED))

    assert (await under.place(room.id)).private


async def test_a_name_that_is_taken_gets_a_number(under: Subject) -> None:
    first = await opened(under)
    second = await opened(under, dataclasses.replace(SPEC, marker="abc:inc2:room"))

    assert second.id != first.id
    assert second.name == f"{SPEC.name}-2"


async def test_the_longest_name_can_be_taken_too(under: Subject) -> None:
    long = dataclasses.replace(SPEC, name="inc-1-" + "x" * 74)
    first = await opened(under, long)
    second = await opened(under, dataclasses.replace(long, marker="abc:inc2:room"))

    assert second.name != first.name
    assert second.name.startswith("inc-1-xxx")


async def test_a_room_whose_answer_was_lost_is_found(under: Subject) -> None:
    began = under.now()
    under.loses("open_room")
    with pytest.raises(Retry):
        await opened(under)

    found = await patiently(under, lambda: under.platform.find_room(SPEC, began))

    assert found is not None
    assert found.name == SPEC.name
    assert await under.war_rooms() == 1


async def test_a_room_that_was_never_made_is_not_found(under: Subject) -> None:
    began = under.now()
    assert await patiently(under, lambda: under.platform.find_room(SPEC, began)) is None


async def test_inviting_twice_is_inviting_once(under: Subject) -> None:
    room = await opened(under)
    for _ in range(2):
        assert list(await under.platform.invite(room.id, list(under.people))) == []

    assert set(under.people) <= (await under.place(room.id)).members


async def test_who_cannot_be_invited_is_named_and_stops_nobody(under: Subject) -> None:
    if not under.outsider:
        pytest.skip("here everybody can be invited")
    room = await opened(under)
    ana, bo = under.people
    await under.platform.invite(room.id, [ana])

    left_out = await under.platform.invite(room.id, [ana, under.outsider, bo])

    assert list(left_out) == [under.outsider]
    assert {ana, bo} <= (await under.place(room.id)).members


@pytest.mark.parametrize("method", ["set_topic", "pin", "bookmark", "invite", "archive", "edit"])
async def test_what_is_done_again_after_a_lost_answer_is_done_once(
    method: str, under: Subject
) -> None:
    if (under.platform.name, method) == ("discord", "bookmark"):
        pytest.skip("there are none: the card carries the links")
    room = await opened(under)
    ref = await under.platform.post(room.id, CARD, "abc:inc1:card")
    under.loses(method)
    with pytest.raises(Retry):
        await _do(method, under, room, ref)
    await _do(method, under, room, ref)

    place = await under.place(room.id)
    assert len(place.posts) == 1
    held = {
        "set_topic": place.topic == "SEV2 & <closed>",
        "pin": place.posts[0].pinned,
        "bookmark": place.bookmarks == {"Timeline": "https://acme.example/2"},
        "invite": set(under.people) <= place.members,
        "archive": place.archived,
        "edit": "second" in place.posts[0].text,
    }
    assert held[method]


async def _do(method: str, under: Subject, room: Room, ref: MessageRef) -> None:
    platform = under.platform
    match method:
        case "set_topic":
            await platform.set_topic(room.id, "SEV2 & <closed>")
        case "pin":
            await platform.pin(ref)
        case "bookmark":
            for address in ("https://acme.example/1", "https://acme.example/2"):
                await platform.bookmark(room.id, "Timeline", address)
        case "invite":
            await platform.invite(room.id, list(under.people))
        case "archive":
            await platform.archive(room.id)
        case _:
            await platform.edit(ref, Card("second"))


async def test_a_very_long_topic_is_cut_not_refused(under: Subject) -> None:
    room = await opened(under)
    await under.platform.set_topic(room.id, "checkout & search are down " * 60)

    assert (await under.place(room.id)).topic.startswith("checkout & search")


async def test_a_room_that_is_not_there_is_refused_with_a_fix(under: Subject) -> None:
    if under.platform.name == "console":
        pytest.skip("the console's rooms are never deleted")
    with pytest.raises(Refused) as refused:
        await under.platform.post("C0GONE", CARD, "abc:inc1:card")
    assert refused.value.fix


# --- messages ------------------------------------------------------------------------------------


async def test_a_card_is_posted_with_its_words_and_buttons(under: Subject) -> None:
    room = await opened(under)
    ref = await under.platform.post(room.id, CARD, "abc:inc1:card")

    shown = await only_post(under, room.id)
    assert "checkout is down" in shown.text
    assert "Nobody leads yet." in shown.text
    assert shown.buttons == ("Lead",)
    assert (ref.platform, ref.room) == (under.platform.name, room.id)


async def test_a_card_whose_answer_was_lost_is_found_by_its_marker(under: Subject) -> None:
    room = await opened(under)
    began = under.now()
    under.loses("post")
    with pytest.raises(Retry):
        await under.platform.post(room.id, CARD, "abc:inc1:card")
    await under.platform.post(room.id, Card("another"), "abc:inc1:other")

    found = await patiently(
        under, lambda: under.platform.find_message(room.id, "abc:inc1:card", began)
    )

    assert found is not None
    await under.platform.edit(found, Card("edited"))
    texts = [post.text for post in (await under.place(room.id)).posts]
    assert len(texts) == 2
    assert "edited" in texts[0]


async def test_a_card_that_was_never_posted_is_not_found(under: Subject) -> None:
    room = await opened(under)
    began = under.now()
    await under.platform.post(room.id, CARD, "abc:inc1:card")

    found = await patiently(
        under, lambda: under.platform.find_message(room.id, "abc:inc1:other", began)
    )

    assert found is None


async def test_editing_replaces_words_and_buttons(under: Subject) -> None:
    room = await opened(under)
    ref = await under.platform.post(room.id, CARD, "abc:inc1:card")
    for _ in range(2):
        await under.platform.edit(ref, Card("INC-1 resolved", (text("Over."),)))

    shown = await only_post(under, room.id)
    assert "Over." in shown.text
    assert "Nobody leads yet." not in shown.text
    assert shown.buttons == ()


async def test_only_whom_we_mean_is_called(under: Subject) -> None:
    room = await opened(under)
    ana, _ = under.people
    named = Card("Lead", (Text((Plain("Ask "), Mention("ana", "Ana"))),))
    await under.platform.post(room.id, named, "abc:inc1:named")
    await under.platform.post(room.id, tricky(), "abc:inc1:tricky")

    first, second = (await under.place(room.id)).posts
    assert first.notifies == {ana}
    assert second.notifies == frozenset()


async def test_an_edit_calls_nobody_either(under: Subject) -> None:
    room = await opened(under)
    ref = await under.platform.post(room.id, CARD, "abc:inc1:card")
    await under.platform.edit(ref, tricky())

    assert (await only_post(under, room.id)).notifies == frozenset()


# Without shrinking: an example here costs calls, and the cards are long.
@settings(
    max_examples=40,
    suppress_health_check=list(HealthCheck),
    phases=[Phase.explicit, Phase.reuse, Phase.generate],
)
@given(card=CARDS)
async def test_no_content_is_refused_posted_or_edited(under: Subject, card: Card) -> None:
    room = await under.platform.announce_room()
    ref = await under.platform.post(room, card, "abc:any")
    await under.platform.edit(ref, card)

    posts = (await under.place(room)).posts
    assert posts[-1].notifies - {"nobody"} == frozenset()


# --- where else the bot speaks -------------------------------------------------------------------


async def test_there_is_one_announcement_room(under: Subject) -> None:
    first = await under.platform.announce_room()
    assert await under.platform.announce_room() == first
    await under.platform.post(first, CARD, "abc:inc1:announcement")
    assert len((await under.place(first)).posts) == 1


async def test_a_person_is_spoken_to_in_one_room_of_their_own(under: Subject) -> None:
    ana, bo = under.people
    first = await under.platform.direct_room(ana)
    assert await under.platform.direct_room(ana) == first
    assert await under.platform.direct_room(bo) != first
    await under.platform.post(first, CARD, "abc:page1")
    assert len((await under.place(first)).posts) == 1
