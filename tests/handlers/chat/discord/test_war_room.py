"""From a slash command to a war room, as people on Discord see it."""

from __future__ import annotations

from tests.handlers.chat.discord.scene import Scene, only, words
from tests.installation import until


async def test_one_title_is_enough(on_discord: Scene) -> None:
    ana = on_discord.person("ana")

    asked = ana.slash(on_discord.general, "incident declare", title="checkout is down sev1")
    answer = only(await asked.until_answered())

    assert answer.ephemeral
    assert "INC-1" in words(answer)
    assert asked.took < 2
    await until(lambda: on_discord.rooms() and on_discord.rooms()[0].pins)
    [room] = on_discord.rooms()
    assert room.name == "inc-1-checkout-is-down"
    assert "checkout is down" in (room.topic or "")
    assert "SEV1" in words(on_discord.card(room))
    await until(on_discord.announced)
    [announcement] = on_discord.announced()
    assert "INC-1" in words(announcement)


async def test_a_private_room_is_closed_in_the_call_that_opens_it(on_discord: Scene) -> None:
    room = await on_discord.declared("ana", "payroll leaked", private=True)

    made = on_discord.discord.made("POST /guilds/{guild_id}/channels")
    body = made[-1].body
    ids = [overwrite["id"] for overwrite in body["permission_overwrites"]]
    assert ids == [
        str(on_discord.discord.world.guild),
        str(on_discord.discord.world.me.id),
        on_discord.person("ana").id,
    ]
    assert room.overwrites


async def test_buttons_of_the_card_do_what_they_say(on_discord: Scene) -> None:
    room = await on_discord.declared("ana", "checkout is down")
    card = on_discord.card(room)

    pressed = on_discord.person("ana").press(card, "Take the lead")
    answer = only(await pressed.until_answered())

    assert answer.ephemeral
    await until(lambda: on_discord.person("ana").mention in words(on_discord.card(room)))


async def test_a_button_opens_a_form_and_the_form_is_done(on_discord: Scene) -> None:
    room = await on_discord.declared("ana", "checkout is down sev2")
    ana = on_discord.person("ana")

    form = await ana.press(on_discord.card(room), "Update").until_answered()
    assert form.modal is not None
    sent = ana.submit(form, {"text": "Failing over", "next": "20m"})
    await sent.until_answered()

    await until(lambda: any("Failing over" in words(m) for m in room.said()))


async def test_somebody_without_an_allowed_role_is_told_so(on_discord: Scene) -> None:
    stranger = on_discord.discord.person("eve")

    asked = stranger.slash(on_discord.general, "incident declare", title="let me in")

    assert "Guests" in words(only(await asked.until_answered()))
    assert on_discord.rooms() == []
