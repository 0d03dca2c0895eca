"""The table of what operators may ask: complete, true to what its functions do, and behind the command line."""

from __future__ import annotations

import ast
from collections.abc import AsyncIterator, Callable
from dataclasses import is_dataclass, replace
from importlib import import_module
from pathlib import Path
from pkgutil import iter_modules
from typing import Any, TypeVar, get_args

import pytest

from bot import admin, cli
from bot.admin import codec
from bot.admin.jobs import ReplayJobs
from bot.admin.organisation import ApplyOrganisation, DiffOrganisation
from bot.admin.request import PersonalRequest, Request
from bot.admin.table import VERBS, Verb, ask, verb_named
from bot.app import App, build, stop
from bot.core.errors import Invalid
from bot.core.ports.unit_of_work import Memory, UnitOfWork
from bot.settings.loading import load_settings
from tests.bot.admin.requests import EXAMPLES
from tests.installation import environment
from tests.organisations import steady_file

T = TypeVar("T")
# Requests that no verb of the command line makes, each with its reason.
BESIDE_THE_COMMAND_LINE: dict[str, str] = {}


@pytest.fixture
async def app(tmp_path: Path) -> AsyncIterator[App]:
    """With the database open, and no bot running."""
    org = steady_file(tmp_path)
    made = await build(load_settings(environment(tmp_path, TOCSIN_ORG=str(org))))
    yield made
    await stop(made)


class ReadOnly:
    """Memory in which nothing may be written."""

    def __init__(self, memory: Memory) -> None:
        self.memory = memory

    async def read(self, work: Callable[[UnitOfWork], T]) -> T:
        return await self.memory.read(work)

    async def write(self, work: Callable[[UnitOfWork], T]) -> T:
        raise AssertionError("what changes nothing writes")

    async def read_inline(self, work: Callable[[UnitOfWork], T]) -> T:
        return await self.memory.read_inline(work)

    def listen(self, topic: str, callback: Callable[[str], None]) -> None:
        raise AssertionError("nothing here listens")


def answerable(request: Request[Any], text: str) -> Request[Any]:
    """The example, fit for a database with one incident and no dead job."""
    if isinstance(request, ReplayJobs):
        return ReplayJobs()
    if isinstance(request, DiffOrganisation | ApplyOrganisation):
        return replace(request, text=text)
    return replace(request, as_="") if isinstance(request, PersonalRequest) else request


async def test_every_request_is_answered_and_its_answer_comes_back_as_it_went(
    app: App, tmp_path: Path
) -> None:
    text = (tmp_path / "steady_org.yaml").read_text(encoding="utf-8")
    declared = next(verb for verb in VERBS if verb.name == "declare")
    by_type = {type(each): each for each in EXAMPLES}
    order = (declared, *(verb for verb in VERBS if verb is not declared))
    for verb in order:
        request = answerable(by_type[verb.request], text)
        context = app.admin if verb.changes else replace(app.admin, memory=ReadOnly(app.memory))
        answer = await ask(context, request)
        assert type(answer) is verb.answer, verb.name
        assert codec.decode_answer(verb.answer, codec.encode(answer)) == answer, verb.name


@pytest.mark.parametrize("verb", VERBS, ids=lambda verb: verb.name)
def test_a_request_says_in_words_and_by_type_what_its_line_of_the_table_says(
    verb: Verb[Any, Any],
) -> None:
    assert verb_named(verb.name) is verb
    assert is_dataclass(verb.request)
    bases = [base for kind in verb.request.__mro__ for base in getattr(kind, "__orig_bases__", ())]
    assert verb.answer in [given for base in bases for given in get_args(base)], verb.request
    said = verb.request.__doc__ or ""
    assert "dempotent" in said or "each time another" in said, "say whether it is idempotent"
    assert "Raises" in said or "refused by nothing" in said, "say what it raises"
    assert list(verb.run.__annotations__) == ["context", "request", "return"]


def test_no_name_and_no_request_is_there_twice() -> None:
    assert len({verb.name for verb in VERBS}) == len({verb.request for verb in VERBS}) == len(VERBS)


def test_every_request_that_is_written_is_in_the_table() -> None:
    modules = [import_module(f"bot.admin.{found.name}") for found in iter_modules(admin.__path__)]
    written = {
        each
        for module in modules
        for each in vars(module).values()
        if isinstance(each, type) and issubclass(each, Request)
    }
    assert written - {Request, PersonalRequest} == {verb.request for verb in VERBS}


def test_a_name_that_is_not_there_is_refused_with_what_to_look_at() -> None:
    with pytest.raises(Invalid, match="'moon'; the bot and the command differ in version"):
        verb_named("moon")


def made_by_the_command_line() -> set[str]:
    """What ``bot.cli.verbs`` calls by name."""
    files = Path(cli.__file__).parent.joinpath("verbs").glob("*.py")
    trees = [ast.parse(file.read_text(encoding="utf-8")) for file in files]
    nodes = [node for tree in trees for node in ast.walk(tree)]
    return {n.func.id for n in nodes if isinstance(n, ast.Call) and isinstance(n.func, ast.Name)}


def test_every_request_is_made_by_a_verb_of_the_command_line_or_says_why_not() -> None:
    asked = {verb.request.__name__ for verb in VERBS}
    assert asked - made_by_the_command_line() == set(BESIDE_THE_COMMAND_LINE)


async def test_whoever_asks_as_somebody_must_be_somebody(app: App, tmp_path: Path) -> None:
    text = (tmp_path / "steady_org.yaml").read_text(encoding="utf-8")
    for example in EXAMPLES:
        request = answerable(example, text)
        if isinstance(request, PersonalRequest):
            with pytest.raises(Invalid, match="Nobody in the organisation is called zoe"):
                await ask(app.admin, replace(request, as_="zoe"))
