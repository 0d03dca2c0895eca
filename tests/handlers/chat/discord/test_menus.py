"""The command tree fits Discord's limits, says what the specs say, and what is chosen reads as if typed."""

from __future__ import annotations

import re
from typing import Any

import pytest

from bot.language.dispatch import every_verb
from handlers.chat.discord.rendering.menus import chosen, completing, digest, tree, weight
from tests.handlers.chat.discord.scene import Scene, only, words
from tests.installation import until

MENU = every_verb()
TREE = tree(MENU, "incident")
_NAME = re.compile(r"[-_a-z0-9]{1,32}")


def command(name: str) -> dict[str, Any]:
    return next(each for each in TREE if each["name"] == name)


def test_the_24_commonest_verbs_and_do_make_25_subcommands() -> None:
    verbs = [option["name"] for option in command("incident")["options"]]

    assert len(verbs) == 25
    assert verbs[-1] == "do"
    assert verbs[:-1] == [e.verb for e in MENU if e.listed and e.group == "incident"]


def test_every_command_weighs_less_than_8000_characters() -> None:
    weights = {each["name"]: weight(each) for each in TREE}

    assert max(weights.values()) < 8000, weights
    assert weights["incident"] > 1500


def test_every_part_is_within_discords_limits() -> None:
    def check(part: dict[str, Any]) -> None:
        assert _NAME.fullmatch(part["name"]), part["name"]
        assert 1 <= len(part["description"]) <= 100
        assert len(part.get("options", ())) <= 25
        assert len(part.get("choices", ())) <= 25
        required = [bool(option.get("required")) for option in part.get("options", ())]
        assert required == sorted(required, reverse=True)
        for option in part.get("options", ()):
            check(option)

    for each in TREE:
        if each["type"] == 1:
            check(each)
        else:
            assert len(each["name"]) <= 32


def test_the_digest_changes_with_the_tree_and_only_with_it() -> None:
    assert digest(TREE) == digest(tree(MENU, "incident"))
    assert digest(TREE) != digest(tree(MENU, "outage"))


@pytest.mark.parametrize(
    ("verb", "options", "text", "values"),
    [
        ("declare", {"title": "pay #checkout", "severity": "sev2", "private": True},
         "declare pay #checkout sev2 --private", {}),
        ("sev", {"severity": "sev1", "incident": "INC-4"}, "sev INC-4", {"severity": "sev1"}),
        ("update", {"text": "On it", "next": "20m"}, "update", {"text": "On it", "next": "20m"}),
        ("lead", {"person": "123"}, "lead", {"person": "<@123>"}),
        ("do", {"text": "note \"x\" at 14:32"}, "note \"x\" at 14:32", {}),
    ],
)  # fmt: skip
def test_what_is_chosen_reads_as_if_it_were_typed(
    verb: str, options: dict[str, object], text: str, values: dict[str, str]
) -> None:
    given = [{"name": name, "type": 3, "value": value} for name, value in options.items()]
    data = {"name": "incident", "options": [{"type": 1, "name": verb, "options": given}]}

    found = chosen(data, MENU)

    assert (found.text, dict(found.values)) == (text, values)


def test_completing_an_option_completes_only_that_option() -> None:
    focused = {"name": "services", "type": 3, "value": "che", "focused": True}
    data = {"name": "incident", "options": [{"type": 1, "name": "declare", "options": [focused]}]}

    assert completing(chosen(data, MENU), data, MENU) == ("declare #che", 8)


async def test_the_tree_is_registered_once_and_not_again(on_discord: Scene) -> None:
    assert on_discord.discord.world.syncs == 1
    on_discord.discord.gateway.drop()

    await until(on_discord.discord.gateway.live)

    assert on_discord.discord.world.syncs == 1


async def test_an_option_completes(on_discord: Scene) -> None:
    asked = on_discord.person("ana").complete(
        on_discord.general, "incident declare", "services", "che", title="x"
    )

    await asked.until_answered()

    assert [choice["value"] for choice in asked.choices or ()] == ["#checkout"]


async def test_the_whole_grammar_is_typed_in_one_line(on_discord: Scene) -> None:
    told = await on_discord.said("ana", "inc", text="declare checkout is down sev2 #checkout")
    assert "INC-1" in words(told)
    assert "on call" in words(await on_discord.said("ana", "oncall")).lower()


async def test_a_message_is_declared_from_put_on_the_timeline_and_made_a_task(
    on_discord: Scene,
) -> None:
    ana = on_discord.person("ana")
    said = on_discord.person("bo").say(on_discord.general, "card payments fail\nsince noon")

    form = await ana.menu(on_discord.general, said, "Declare from this message").until_answered()
    assert form.modal is not None
    title = form.modal["components"][0]["component"]
    assert title["value"] == "card payments fail"
    declared = ana.submit(form, {"title": "card payments fail"})
    assert "INC-1" in words(only(await declared.until_answered()))
    await until(lambda: on_discord.rooms() and on_discord.rooms()[0].pins)
    room = on_discord.rooms()[0]
    assert "since noon" in words(await on_discord.said("ana", "incident timeline", room))

    worth = on_discord.person("bo").say(room, "the disk is full")
    await ana.menu(room, worth, "Add to timeline").until_answered()
    await ana.menu(room, worth, "Make a task").until_answered()

    assert "the disk is full" in words(await on_discord.said("ana", "incident timeline", room))
    assert "the disk is full" in words(await on_discord.said("ana", "incident tasks", room))
