"""What doctor says of Discord, the link that invites, and what stops the start."""

from __future__ import annotations

import dataclasses

import pytest

from bot.core.errors import Invalid
from bot.core.organisation import ChatRules
from bot.core.ports.platforms import Level
from handlers.chat.discord import application_of, checks, connector, invite_url
from handlers.chat.discord.api.permissions import NEEDED, missing, number
from handlers.chat.discord.config import ConfigError, Style, config
from tests.fakes.discord import TOKEN, Discord, serving

ENVIRON = {"DISCORD_TOKEN": TOKEN, "DISCORD_GUILD_ID": "42"}


def rules(**said: object) -> ChatRules:
    return dataclasses.replace(ChatRules(), allowed={"discord": said})


async def test_doctor_finds_nothing_to_mend_where_everything_is_granted() -> None:
    async with serving() as fake:
        found = await checks(environ(fake))

    assert {each.level for each in found} == {Level.FINE}


async def test_doctor_names_each_missing_permission_and_how_to_grant_it() -> None:
    fake = Discord()
    fake.world.bot_role.permissions &= ~(1 << NEEDED["PIN_MESSAGES"].bit)
    async with serving(fake):
        found = await checks(environ(fake))

    [fault] = [each for each in found if each.level is Level.FAULT]
    assert "Pin Messages" in fault.says
    assert "invite-url" in fault.fix


async def test_doctor_says_when_the_token_or_the_server_is_wrong() -> None:
    async with serving() as fake:
        elsewhere = await checks({**environ(fake), "DISCORD_GUILD_ID": "42"})
        await fake.revoke()
        [revoked] = await checks(environ(fake))

    assert "not in the server" in elsewhere[0].says
    assert "DISCORD_TOKEN" in revoked.says


async def test_doctor_is_silent_where_discord_is_not_configured() -> None:
    assert await checks({}) == []
    assert connector({}) is None


def environ(fake: Discord) -> dict[str, str]:
    guild = str(fake.world.guild)
    return {"DISCORD_TOKEN": TOKEN, "DISCORD_GUILD_ID": guild, "DISCORD_API_URL": fake.api}


def test_the_link_asks_for_the_least_and_explains_it(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.delenv("DISCORD_GUILD_ID", raising=False)
    told = invite_url("123456789")

    assert f"permissions={number()}" in told
    assert "client_id=123456789" in told
    assert all(each.label in told and each.why in told for each in NEEDED.values())
    assert not number() & 1 << 3  # never Administrator


def test_the_link_needs_to_know_the_application(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("DISCORD_TOKEN", "MTIzNDU2Nzg5MDEyMzQ1Njc4.x.y")
    assert application_of("MTIzNDU2Nzg5MDEyMzQ1Njc4.x.y") == "123456789012345678"
    assert "client_id=123456789012345678" in invite_url()
    monkeypatch.setenv("DISCORD_TOKEN", "!")
    with pytest.raises(Invalid, match="--application"):
        invite_url()


def test_an_administrator_lacks_nothing() -> None:
    assert missing(1 << 3) == []
    assert len(missing(0)) == len(NEEDED)


def test_naming_no_role_stops_the_start_and_everyone_must_be_written() -> None:
    with pytest.raises(ConfigError, match="allowed_roles"):
        config(ENVIRON, rules())
    assert config(ENVIRON, rules(allowed_roles=("everyone",))).roles == ("everyone",)


@pytest.mark.parametrize(
    ("name", "value"), [("DISCORD_GUILD_ID", "my server"), ("DISCORD_API_URL", "discord.com")]
)
def test_a_wrong_setting_is_named(name: str, value: str) -> None:
    with pytest.raises(ConfigError, match=name):
        config({**ENVIRON, name: value}, rules(allowed_roles=("x",)))


def test_what_a_room_is_can_be_set() -> None:
    assert config(ENVIRON, rules(allowed_roles=("x",), rooms_as="forum")).rooms_as is Style.FORUM
