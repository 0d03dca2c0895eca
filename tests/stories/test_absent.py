"""Private means absent, whoever asks and whatever they call: no marked byte, and the same answer as for
a number that does not exist. Commands, completions, repositories and services are walked by reflection,
so that a new one is walked too, and a read without a viewer is noticed."""

from __future__ import annotations

import inspect
import typing
from collections.abc import AsyncIterator, Callable, Iterator
from datetime import datetime, timedelta
from enum import Enum
from pathlib import Path
from typing import Any

import pytest
import pytest_asyncio
import structlog
from prometheus_client import generate_latest

from bot.core.chat.vocabulary import Admission, Group, Invocation, Reply, Speaker
from bot.core.errors import NotAllowed, NotFound, UserError
from bot.core.incident import Filter, Incident, IncidentId
from bot.core.people import SYSTEM, PersonId, Viewer
from bot.core.ports.unit_of_work import UnitOfWork
from bot.incidents.lifecycle.service import Declare
from bot.language.call import CONFIRMED
from bot.language.spec import Command, Place
from bot.language.table import all_commands
from tests.features import modules
from tests.viewers import methods, repositories
from tests.words import words
from tests.world import World, make_world

MARK = "zqxj"
PRIVATE, MERGED, LATER, OPEN = (IncidentId(n) for n in (1, 2, 3, 4))
MISSING = 99999
OUTSIDERS = {
    "a member": Speaker("mia", "Mia Keller"),
    "a stranger": Speaker("U0NEW", "Nia New"),
    "who left": Speaker("cy", "Cy Okafor"),
    "a guest": Speaker("U0GUEST", "A guest", admission=Admission.REFUSED),
}
HIDDEN = (PRIVATE, MERGED, LATER)


pytestmark = pytest.mark.asyncio(loop_scope="module")


@pytest_asyncio.fixture(scope="module", loop_scope="module")
async def full(tmp_path_factory: pytest.TempPathFactory) -> AsyncIterator[World]:
    """Nothing of it is changed by a test. Three private incidents full of marked words: declared so, merged away, and made so later; and an
    open one that took in and went into them."""
    async with make_world(tmp_path_factory.mktemp("absent")) as world:
        bo = world.person("bo")
        await bo.says(f"/incident declare {MARK} payroll leak sev1 #checkout --private")
        await bo.says(f"/incident declare {MARK} second --private")
        await bo.says(f"/incident declare {MARK} third sev2 #checkout")
        await bo.says("/incident declare the site is slow sev2 #checkout")
        for number in HIDDEN:
            await filled(world, number)
        await world.person("cy", room="INC-1").says("/incident leave")
        await bo.says("/incident merge INC-2 INC-4")
        await (await bo.says("/incident private INC-3")).press("Make it private")
        await world.passes(minutes=30)
        yield world


async def filled(world: World, number: IncidentId) -> None:
    bo, ref = world.person("bo"), f"INC-{number}"
    for said in (
        f'update {ref} identified "{MARK} update" next 20m', f'note {ref} "{MARK} note"',
        f'decision {ref} "{MARK} decision"', f'summary {ref} "{MARK} summary"',
        f'impact {ref} "{MARK} impact"', f'task {ref} "{MARK} task" @bo', f'followup {ref} "{MARK} f" @bo',
        f"link {ref} https://{MARK}.example/x", f"invite {ref} @cy", f'page {ref} person:bo "{MARK} page"',
        f"lead {ref}", f"unpage {ref}",
    ):  # fmt: skip
        await bo.says(f"/incident {said}")
    message = await bo.writes(f"{MARK} message", room=ref)
    await bo.reacts("capture", message)


# --- commands ---------------------------------------------------------------------------------

IN_ROOMS = [c for c in all_commands().commands if c.place is Place.ROOM]


def about(command: Command, number: int) -> str:
    """The command's first example, about that incident."""
    verb, _, rest = command.examples[0].partition(" ")
    rest = rest.removeprefix("INC-42").strip().replace("INC-41", f"INC-{OPEN}")
    return f"{verb} INC-{number} {rest}".strip()


class Rolled(Exception):
    def __init__(self, reply: Reply) -> None:
        super().__init__("rolled back")
        self.reply = reply


async def told(world: World, who: Speaker, text: str, group: Group = Group.INCIDENT) -> str:
    """All that is answered, form and buttons and what they carry included; nothing of it stays."""
    call = Invocation("console", "absent", who, text, group=group)

    def attempt(uow: UnitOfWork) -> None:
        raise Rolled(world.dispatcher._at_once(uow, call))

    try:
        await world.memory.write(attempt)
    except Rolled as rolled:
        return f"{words(rolled.reply.card)} {rolled.reply}"
    except UserError as error:
        return str(error)
    raise AssertionError("nothing came back")


@pytest.mark.parametrize("who", OUTSIDERS)
async def test_every_command_answers_as_for_a_number_that_does_not_exist(
    full: World, who: str
) -> None:
    speaker = OUTSIDERS[who]
    for command in IN_ROOMS:
        for sure in ("", CONFIRMED):
            missing = await told(full, speaker, sure + about(command, MISSING))
            for number in HIDDEN:
                if who == "who left" and number != PRIVATE:
                    continue  # cy is in those
                found = await told(full, speaker, sure + about(command, number))
                assert MARK not in found, command.name
                assert found == missing.replace(str(MISSING), str(number)), command.name


@pytest.mark.parametrize("who", ["a member", "a stranger"])
async def test_no_other_command_says_a_word_of_it(full: World, who: str) -> None:
    texts = [
        "list", "home", "list --all", "list --mine", "search payroll", "search leak", "ack", "help", "merge INC-4 INC-1",
        "show INC-4", "timeline INC-4", "catchup INC-4", "similar INC-4", "brief INC-4 tactical", "roles INC-4",
        "tasks INC-4", "postmortem INC-4", "declare payroll leak #checkout", "export INC-4", "update", "close",
    ]  # fmt: skip
    for text in texts:
        found = await told(full, OUTSIDERS[who], text)
        assert MARK not in found, text
        assert not any(f"INC-{n} " in found.replace("INC-4 INC-1", "") for n in HIDDEN), text
    for number in range(1, 12):  # pages are numbered through
        assert MARK not in await told(full, OUTSIDERS[who], f"ack {number}")


@pytest.mark.parametrize("who", ["a member", "a stranger"])
async def test_a_page_about_it_is_a_page_that_does_not_exist(full: World, who: str) -> None:
    pages = await full.read(lambda uow: [p.id for p in uow.pages.of(PRIVATE)])
    missing = await told(full, OUTSIDERS[who], f"ack {MISSING}")
    for page in pages:
        found = await told(full, OUTSIDERS[who], f"ack {page}")
        assert found == missing.replace(str(MISSING), str(page))


async def test_no_completion_offers_it(full: World) -> None:
    for command in all_commands().commands:
        for text in (
            f"{command.name} ",
            f"{command.name} {MARK[:2]}",
            f"{command.name} INC-",
            "#",
            "@",
        ):
            call = Invocation("console", "c", OUTSIDERS["a member"], text, group=command.group)
            assert MARK not in str(await full.dispatcher.complete(call, len(text)))


# --- reads of memory, by reflection --------------------------------------------------------------


def given_for(function: Callable[..., Any], uow: UnitOfWork, viewer: Viewer) -> dict[str, Any]:
    """Arguments by type: the private incident, the outsider, and anything for the rest."""
    hints, made = typing.get_type_hints(function), dict[str, Any]()
    for parameter in inspect.signature(function).parameters.values():
        kind = hints.get(parameter.name)
        if parameter.name == "self" or (parameter.default is not parameter.empty):
            continue
        made[parameter.name] = value_for(kind, uow, viewer)
    return made


def value_for(kind: Any, uow: UnitOfWork, viewer: Viewer) -> Any:
    if inspect.isclass(kind) and issubclass(kind, Enum):
        return next(iter(kind))
    if typing.get_origin(kind) is list:
        return uow.timeline.of(OPEN, SYSTEM)
    known: dict[Any, Any] = {
        UnitOfWork: uow, Viewer: viewer, IncidentId: PRIVATE, Filter: Filter(words=MARK),
        PersonId: viewer.person, PersonId | None: viewer.person, Declare: Declare("x"),
        Incident: uow.incidents.get(OPEN, SYSTEM), int: 50, str: MARK, datetime: uow.now,
        timedelta: timedelta(1),
    }  # fmt: skip
    return known.get(kind, known.get(getattr(kind, "__supertype__", kind)))


def answers(function: Callable[..., Any], uow: UnitOfWork, viewer: Viewer) -> str:
    try:
        return repr(function(**given_for(function, uow, viewer)))
    except (NotFound, NotAllowed) as refused:
        return str(refused)


@pytest.mark.parametrize("person", ["mia", "console-u0new", "nobody"])
async def test_no_read_of_memory_gives_it_away(full: World, person: str) -> None:
    viewer = Viewer(PersonId(person))

    def walk(uow: UnitOfWork) -> list[str]:
        seen = []
        for repository, kind in repositories():
            for name, method in methods(kind):
                if Viewer in typing.get_type_hints(method).values() and name != "lock":
                    bound = getattr(getattr(uow, repository), name)
                    seen.append(f"{repository}.{name}")
                    assert MARK not in answers(bound, uow, viewer), seen[-1]
        return seen

    assert len(await full.read(walk)) >= 5


def viewing() -> Iterator[tuple[str, Callable[..., Any]]]:
    """Every function of a service that reads for a viewer."""
    for place, module in modules():
        for name, found in inspect.getmembers(module, inspect.isfunction):
            if found.__module__ != module.__name__ or name.startswith("_"):
                continue
            hints = typing.get_type_hints(found)
            if Viewer in hints.values() and UnitOfWork in hints.values():
                yield f"{place}.{name}", found


@pytest.mark.parametrize("person", ["mia", "nobody"])
async def test_no_service_reads_it_for_an_outsider(full: World, person: str) -> None:
    viewer = Viewer(PersonId(person))

    def walk(uow: UnitOfWork) -> list[str]:
        for name, function in viewing():
            assert MARK not in answers(function, uow, viewer), name
        return [name for name, _ in viewing()]

    assert len(await full.read(walk)) >= 6


# --- what was sent and written ----------------------------------------------------------------------


async def test_nothing_that_an_outsider_was_sent_and_no_metric_names_it(full: World) -> None:
    shown = [await full.announcements(), await full.direct("mia")]
    assert not any(MARK in str(card) for room in shown for card in room.by_bot)
    assert MARK not in generate_latest().decode()


async def test_no_file_of_the_status_page_names_it(full: World) -> None:
    bo = full.person("bo")
    assert "never published" in await bo.says("/incident publish INC-1 --now")

    def page(uow: UnitOfWork) -> list[str]:
        names = [
            "",
            *(f"api/v2/{name}.json" for name in ("summary", "incidents", "components", "status")),
        ]
        return [found.body for found in map(uow.status.get, names) if found is not None]

    for body in await full.read(page):
        assert MARK not in body


async def test_no_log_line_names_it(tmp_path: Path) -> None:
    with structlog.testing.capture_logs() as lines:
        async with make_world(tmp_path) as world:
            await world.person("bo").says(f"/incident declare {MARK} leak sev1 #checkout --private")
            await filled(world, IncidentId(1))
            await world.passes(hours=3)
    assert MARK not in repr(lines)


async def test_groups_have_no_command_that_was_not_walked() -> None:
    walked = {c.name for c in IN_ROOMS}
    anywhere = {"declare", "list", "search", "help", "ack", "login", "home", "identity"}
    mine = {c.name for c in all_commands().commands if c.group is Group.INCIDENT}
    assert mine - walked - anywhere - {"drill", "whatif", "maintenance"} == set()
