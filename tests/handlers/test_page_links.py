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
from tests.installation import outcome, running

HOUR = timedelta(hours=1)
BROKEN = "checkout <b>is</b> down"


@pytest.fixture
async def installation(tmp_path: Path) -> AsyncIterator[App]:
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
    installation: App, telephone: aiohttp.ClientSession
) -> None:
    """Programs that look at mail and messages open links too."""
    page = await page_of(installation)
    path = link(installation, page.id)
    for verb in ("GET", "HEAD"):
        assert (await got(installation, telephone, path, verb))[0] == 200
    _, body = await got(installation, telephone, path)
    assert "SEV1 · INC-1" in body
    assert "checkout &lt;b&gt;is&lt;/b&gt; down" in body
    assert "For Bo Chen." in body
    assert "Opening this page has changed nothing." in body
    assert re.search(r'<form method="post"><button>Acknowledge</button>', body)
    assert await state(installation) == UNTOUCHED


async def test_what_is_shown_is_kept_by_nobody_and_told_to_no_other_site(
    installation: App, telephone: aiohttp.ClientSession
) -> None:
    path = link(installation, (await page_of(installation)).id)
    async with telephone.get(installation.settings.internal_url + path) as answer:
        assert answer.headers["Cache-Control"] == "no-store"
        # Not "no-referrer": the button would then post from the origin "null", which is refused.
        assert answer.headers["Referrer-Policy"] == "same-origin"


async def test_pressing_acknowledges_as_the_person_and_once(
    installation: App, telephone: aiohttp.ClientSession
) -> None:
    page = await page_of(installation)
    status, body = await got(installation, telephone, link(installation, page.id), "POST")
    assert (status, "You acknowledged INC-1." in body) == (200, True)
    assert await state(installation) == (PageState.ACKNOWLEDGED, "bo")

    _, again = await got(installation, telephone, link(installation, page.id), "POST")
    assert "You acknowledged INC-1." in again
    _, other = await got(installation, telephone, link(installation, page.id, "cy"), "POST")
    assert "Bo Chen already acknowledged it." in other
    assert await state(installation) == (PageState.ACKNOWLEDGED, "bo")


async def test_a_link_is_for_one_purpose(
    installation: App, telephone: aiohttp.ClientSession
) -> None:
    page = await page_of(installation)
    ack, seen = link(installation, page.id), link(installation, page.id, purpose=Purpose.SEEN)
    for path in (ack.replace("/ack/", "/seen/"), seen.replace("/seen/", "/ack/")):
        for verb in ("GET", "POST"):
            status, body = await got(installation, telephone, path, verb)
            assert (status, "This link is not valid, or no longer" in body) == (404, True)
    assert await state(installation) == UNTOUCHED


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
    installation: App, telephone: aiohttp.ClientSession
) -> None:
    page = await page_of(installation)
    for path in forged(installation, page.id):
        for verb in ("GET", "POST"):
            status, body = await got(installation, telephone, path, verb)
            assert status == 404, path
            assert "INC-1" not in body
    assert await state(installation) == UNTOUCHED


async def test_after_the_incident_is_resolved_there_is_nothing_to_press(
    installation: App, telephone: aiohttp.ClientSession
) -> None:
    page = await page_of(installation)
    await say(installation, "bo", "resolved INC-1")
    path = link(installation, page.id)
    _, body = await got(installation, telephone, path)
    assert "This page is resolved." in body
    assert "<button>" not in body
    status, pressed = await got(installation, telephone, path, "POST")
    assert (status, "That page is already resolved." in pressed) == (200, True)
    assert await state(installation) == (PageState.RESOLVED, None)


async def test_a_private_incidents_page_shows_its_reference_and_nothing_else(
    installation: App, telephone: aiohttp.ClientSession
) -> None:
    await say(installation, "bo", "declare zebra payroll leak sev1 --private #checkout")
    page = await page_of(installation, 2)
    _, body = await got(installation, telephone, link(installation, page.id))
    assert "INC-2 (private)" in body
    for hidden in ("zebra", "payroll", "SEV1", "since", "lead", "inc-2"):
        assert hidden not in body.partition("<main>")[2]
    # Somebody who may not see it, with a true signature, is told what a page that is not there says.
    status, refused = await got(installation, telephone, link(installation, page.id, "mia"), "POST")
    _, nothing = await got(installation, telephone, link(installation, 999, "mia"), "POST")
    assert status == 404
    assert refused == nothing
    assert (await page_of(installation, 2)).acknowledged_by is None


async def test_who_has_left_has_no_links(
    installation: App, telephone: aiohttp.ClientSession
) -> None:
    page = await page_of(installation)
    path = link(installation, page.id)
    left = {who: known for who, known in installation.org.people.items() if who != "bo"}
    installation.admin.adopt(replace(installation.org, people=left))
    for verb in ("GET", "POST"):
        assert (await got(installation, telephone, path, verb))[0] == 404
    assert await state(installation) == UNTOUCHED


async def test_a_press_that_comes_from_another_site_is_refused(
    installation: App, telephone: aiohttp.ClientSession
) -> None:
    url = installation.settings.internal_url + link(installation, (await page_of(installation)).id)
    async with telephone.post(url, headers={"Origin": "http://evil.example"}) as answer:
        assert answer.status == 403
    assert await state(installation) == UNTOUCHED


async def test_a_test_pages_link_says_that_it_has_arrived(
    installation: App, telephone: aiohttp.ClientSession
) -> None:
    actor = await installation.memory.read(
        lambda uow: actor_of(uow, "console", Speaker("bo", "bo"))
    )
    (trial,) = await installation.memory.write(lambda uow: try_out(uow, actor))
    path = link(installation, trial.id, purpose=Purpose.SEEN)
    _, body = await got(installation, telephone, path)
    assert "It has arrived" in body
    assert (await installation.memory.read(lambda uow: uow.oncall.trial(trial.id))).seen_at is None
    _, pressed = await got(installation, telephone, path, "POST")
    assert "Thank you: it has arrived." in pressed
    assert (
        await installation.memory.read(lambda uow: uow.oncall.trial(trial.id))
    ).seen_at is not None


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
