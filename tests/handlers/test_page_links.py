"""Links in SMS and e-mail: opening shows, pressing acts; what is not ours, changed or too old is not there."""

from __future__ import annotations

import asyncio
import re
from collections.abc import AsyncIterator
from dataclasses import replace
from datetime import timedelta
from pathlib import Path

import aiohttp
import pytest

from bot.app import App
from bot.core.chat.vocabulary import Invocation, Speaker
from bot.core.escalation import Page, PageId, PageState
from bot.core.incident import IncidentId
from bot.core.links import Grant, Purpose, signed
from bot.core.people import PersonId
from bot.language.speakers import actor_of
from bot.oncall.trials import try_out
from tests.house import outcome, running

HOUR = timedelta(hours=1)
BROKEN = "checkout <b>is</b> down"


@pytest.fixture
async def house(tmp_path: Path) -> AsyncIterator[App]:
    async with running(tmp_path) as app:
        await say(app, "bo", f"declare {BROKEN} sev1 #checkout")
        yield app


@pytest.fixture
async def telephone() -> AsyncIterator[aiohttp.ClientSession]:
    """A browser that has never logged in."""
    async with aiohttp.ClientSession() as session:
        yield session


async def say(app: App, person: str, text: str) -> None:
    call = Invocation("console", text[:40] + person, Speaker(person, person), text)
    await outcome(app, call)


async def page_of(app: App, number: int = 1) -> Page:
    """The incident's page; its timer has fired."""
    async with asyncio.timeout(30):
        while True:
            pages = await app.memory.read(lambda uow: uow.pages.of(IncidentId(number)))
            if pages:
                return pages[0]


def link(
    app: App, number: int, person: str = "bo", lasts: timedelta = HOUR,
    purpose: Purpose = Purpose.ACKNOWLEDGE,
) -> str:  # fmt: skip
    """The path of a link that the bot has signed."""
    grant = Grant(purpose, number, PersonId(person), app.clock.now() + lasts)
    return f"/{purpose}/{signed(app.settings.keys('page links'), grant)}"


async def got(app: App, by: aiohttp.ClientSession, path: str, verb: str = "GET") -> tuple[int, str]:
    base = app.settings.internal_url
    headers = {"Origin": base} if verb == "POST" else {}
    async with by.request(verb, base + path, headers=headers, allow_redirects=False) as answer:
        return answer.status, await answer.text()


async def state(app: App) -> tuple[PageState, PersonId | None]:
    page = await page_of(app)
    return page.state, page.acknowledged_by


UNTOUCHED = (PageState.TRIGGERED, None)


async def test_opening_shows_and_changes_nothing(
    house: App, telephone: aiohttp.ClientSession
) -> None:
    """Programs that look at mail and messages open links too."""
    page = await page_of(house)
    path = link(house, page.id)
    for verb in ("GET", "HEAD"):
        assert (await got(house, telephone, path, verb))[0] == 200
    _, body = await got(house, telephone, path)
    assert "INC-1 SEV1" in body
    assert "checkout &lt;b&gt;is&lt;/b&gt; down" in body
    assert "For Bo Chen." in body
    assert "Opening this page has changed nothing." in body
    assert re.search(r'<form method="post"><button>Acknowledge</button>', body)
    assert await state(house) == UNTOUCHED


async def test_what_is_shown_is_kept_by_nobody_and_told_to_no_other_site(
    house: App, telephone: aiohttp.ClientSession
) -> None:
    path = link(house, (await page_of(house)).id)
    async with telephone.get(house.settings.internal_url + path) as answer:
        assert answer.headers["Cache-Control"] == "no-store"
        # Not "no-referrer": the button would then post from the origin "null", which is refused.
        assert answer.headers["Referrer-Policy"] == "same-origin"


async def test_pressing_acknowledges_as_the_person_and_once(
    house: App, telephone: aiohttp.ClientSession
) -> None:
    page = await page_of(house)
    status, body = await got(house, telephone, link(house, page.id), "POST")
    assert (status, "You have it: INC-1." in body) == (200, True)
    assert await state(house) == (PageState.ACKNOWLEDGED, "bo")

    _, again = await got(house, telephone, link(house, page.id), "POST")
    assert "You have it: INC-1." in again
    _, other = await got(house, telephone, link(house, page.id, "cy"), "POST")
    assert "Bo Chen has acknowledged it already." in other
    assert await state(house) == (PageState.ACKNOWLEDGED, "bo")


async def test_a_link_is_for_one_purpose(house: App, telephone: aiohttp.ClientSession) -> None:
    page = await page_of(house)
    ack, seen = link(house, page.id), link(house, page.id, purpose=Purpose.SEEN)
    for path in (ack.replace("/ack/", "/seen/"), seen.replace("/seen/", "/ack/")):
        for verb in ("GET", "POST"):
            status, body = await got(house, telephone, path, verb)
            assert (status, "This link is not valid, or no longer" in body) == (404, True)
    assert await state(house) == UNTOUCHED


def forged(app: App, number: int) -> list[str]:
    """Too old; another's signature; another person, page or expiry under a true signature; no link at all."""
    body, _, signature = link(app, number).removeprefix("/ack/").partition(".")
    others = [link(app, number, "cy"), link(app, number + 1), link(app, number, lasts=9 * HOUR)]
    grant = Grant(Purpose.ACKNOWLEDGE, number, PersonId("bo"), app.clock.now() + HOUR)
    return [
        link(app, number, lasts=-timedelta(seconds=1)),
        f"/ack/{signed((b'another key that is not ours....',), grant)}",
        *(f"/ack/{each.removeprefix('/ack/').partition('.')[0]}.{signature}" for each in others),
        f"/ack/{body}.", f"/ack/{body}", f"/ack/.{signature}", f"/ack/{body}.{signature[:-4]}",
        "/ack/x", "/ack/.", "/ack/%00.%ff", "/ack/" + "A" * 5000,
    ]  # fmt: skip


async def test_expired_and_forged_links_answer_like_an_address_that_is_not_there(
    house: App, telephone: aiohttp.ClientSession
) -> None:
    page = await page_of(house)
    for path in forged(house, page.id):
        for verb in ("GET", "POST"):
            status, body = await got(house, telephone, path, verb)
            assert status == 404, path
            assert "INC-1" not in body
    assert await state(house) == UNTOUCHED


async def test_after_the_incident_is_resolved_there_is_nothing_to_press(
    house: App, telephone: aiohttp.ClientSession
) -> None:
    page = await page_of(house)
    await say(house, "bo", "resolved INC-1")
    path = link(house, page.id)
    _, body = await got(house, telephone, path)
    assert "This page is resolved." in body
    assert "<button>" not in body
    status, pressed = await got(house, telephone, path, "POST")
    assert (status, "That page is resolved already." in pressed) == (200, True)
    assert await state(house) == (PageState.RESOLVED, None)


async def test_a_private_incidents_page_shows_its_reference_and_nothing_else(
    house: App, telephone: aiohttp.ClientSession
) -> None:
    await say(house, "bo", "declare zebra payroll leak sev1 --private #checkout")
    page = await page_of(house, 2)
    _, body = await got(house, telephone, link(house, page.id))
    assert "INC-2 (private)" in body
    for hidden in ("zebra", "payroll", "SEV1", "since", "lead", "inc-2"):
        assert hidden not in body.partition("<main>")[2]
    # Somebody who may not see it, with a true signature, is told what a page that is not there says.
    status, refused = await got(house, telephone, link(house, page.id, "mia"), "POST")
    _, nothing = await got(house, telephone, link(house, 999, "mia"), "POST")
    assert status == 404
    assert refused == nothing
    assert (await page_of(house, 2)).acknowledged_by is None


async def test_who_has_left_has_no_links(house: App, telephone: aiohttp.ClientSession) -> None:
    page = await page_of(house)
    path = link(house, page.id)
    left = {who: known for who, known in house.org.people.items() if who != "bo"}
    house.office.adopt(replace(house.org, people=left))
    for verb in ("GET", "POST"):
        assert (await got(house, telephone, path, verb))[0] == 404
    assert await state(house) == UNTOUCHED


async def test_a_press_that_comes_from_another_site_is_refused(
    house: App, telephone: aiohttp.ClientSession
) -> None:
    url = house.settings.internal_url + link(house, (await page_of(house)).id)
    async with telephone.post(url, headers={"Origin": "http://evil.example"}) as answer:
        assert answer.status == 403
    assert await state(house) == UNTOUCHED


async def test_a_test_pages_link_says_that_it_has_arrived(
    house: App, telephone: aiohttp.ClientSession
) -> None:
    actor = await house.memory.read(lambda uow: actor_of(uow, "console", Speaker("bo", "bo")))
    (trial,) = await house.memory.write(lambda uow: try_out(uow, actor))
    path = link(house, trial.id, purpose=Purpose.SEEN)
    _, body = await got(house, telephone, path)
    assert "It has arrived" in body
    assert (await house.memory.read(lambda uow: uow.oncall.trial(trial.id))).seen_at is None
    _, pressed = await got(house, telephone, path, "POST")
    assert "Thank you: it has arrived." in pressed
    assert (await house.memory.read(lambda uow: uow.oncall.trial(trial.id))).seen_at is not None


async def test_a_setting_puts_them_on_the_public_side_and_there_alone(
    tmp_path: Path, telephone: aiohttp.ClientSession
) -> None:
    async with running(tmp_path, TOCSIN_PAGE_LINKS="public") as app:
        await say(app, "bo", f"declare {BROKEN} sev1 #checkout")
        path = link(app, PageId((await page_of(app)).id))
        async with telephone.get(app.settings.public_url + path) as answer:
            assert answer.status == 200
        inside, _ = await got(app, telephone, path)
        assert inside in (303, 404)
