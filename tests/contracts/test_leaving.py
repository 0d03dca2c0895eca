"""Who is taken out of a private room, and open rooms that close: the same promises on every platform."""

from __future__ import annotations

import contextlib
import dataclasses

import pytest

from bot.core.chat.vocabulary import Retry, Secrecy
from bot.core.ports.platforms import Sealing
from tests.contracts.subjects import Subject
from tests.contracts.test_chat_platform import CARD, SPEC, opened, under

__all__ = ["under"]


async def test_who_is_taken_out_of_a_private_room_is_out_and_can_come_back(under: Subject) -> None:
    room = await opened(under, dataclasses.replace(SPEC, secrecy=Secrecy.INVITED))
    ana, bo = under.people
    await under.platform.invite(room.id, [ana, bo])
    for _ in range(2):
        await under.platform.remove(room.id, [bo])
    place = await under.place(room.id)
    assert bo not in place.members
    assert ana in place.members

    await under.platform.invite(room.id, [bo])
    assert bo in (await under.place(room.id)).members


async def test_taking_out_is_done_once_after_a_lost_answer(under: Subject) -> None:
    room = await opened(under, dataclasses.replace(SPEC, secrecy=Secrecy.INVITED))
    await under.platform.invite(room.id, list(under.people))
    under.loses("remove")
    # A client may ask again by itself, and be told that nothing is left to take away.
    with contextlib.suppress(Retry):
        await under.platform.remove(room.id, [under.people[0]])
    await under.platform.remove(room.id, [under.people[0]])
    assert under.people[0] not in (await under.place(room.id)).members


async def test_a_room_that_was_open_closes_where_the_platform_can(under: Subject) -> None:
    if not isinstance(under.platform, Sealing):
        pytest.skip("here only people can make a room private")
    room = await opened(under)
    ana, bo = under.people
    await under.platform.invite(room.id, [ana, bo])
    for _ in range(2):
        await under.platform.seal_room(room.id, [ana])
    await under.platform.post(room.id, CARD, "abc:inc1:card")
    place = await under.place(room.id)
    assert place.private
    assert ana in place.members
    assert len(place.posts) == 1, "the bot has not shut itself out"
