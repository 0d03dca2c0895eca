"""The incident pages: lists with addresses to send, one incident with everything, and what is private is absent."""

from __future__ import annotations

import re
from collections.abc import AsyncIterator
from pathlib import Path

import pytest

from bot.app import App
from bot.core.chat.vocabulary import Invocation, Speaker
from bot.core.people import PersonId, Viewer
from bot.incident_pages.reads import PAGE
from handlers.incident_pages.pages import FIELDS, asked
from tests.installation import outcome, running
from tests.tabs import Tab, tab


@pytest.fixture
async def installation(tmp_path: Path) -> AsyncIterator[App]:
    async with running(tmp_path) as app:
        for text in (
            "declare checkout is down sev1 #checkout",
            "declare search is slow sev3",
            "declare zebra payroll leak sev1 --private",
        ):
            await say(app, text)
        yield app


async def say(app: App, text: str) -> None:
    await outcome(app, Invocation("console", text[:40], Speaker("bo", "bo"), text))


async def page(open_tab: Tab, path: str) -> tuple[int, str]:
    async with open_tab.session.get(open_tab.app.settings.internal_url + path) as answer:
        return answer.status, await answer.text()


def listed(text: str) -> list[str]:
    return re.findall(r'<span class="ref">(INC-\d+)</span>', text)


FILTERS = [
    ("", ["INC-2", "INC-1"]),
    ("severity=1", ["INC-1"]),
    ("q=SLOW", ["INC-2"]),
    ("service=checkout", ["INC-1"]),
    ("status=resolved", []),
    ("state=all&status=investigating", ["INC-2", "INC-1"]),
    ("before=2", ["INC-1"]),
    ("mine=yes", []),
    ("severity=9&before=x&status=odd", ["INC-2", "INC-1"]),
]


async def test_a_list_shows_what_its_address_asks_for_and_no_private_one(installation: App) -> None:
    async with tab(installation, "mia") as mia:
        for query, wanted in FILTERS:
            status, text = await page(mia, f"/incidents?{query}")
            assert status == 200
            assert listed(text) == wanted, query
            assert "zebra" not in text
    async with tab(installation, "bo") as bo:
        assert "INC-3" in listed((await page(bo, "/incidents"))[1]), "to who is in it, it is there"


async def test_a_private_incident_answers_like_a_number_that_does_not_exist(
    installation: App,
) -> None:
    async with tab(installation, "mia") as mia:
        for path in ("/incidents/{}", "/incidents/{}/postmortem", "/incidents/{}/postmortem.md"):
            private = await page(mia, path.format("INC-3"))
            assert private == await page(mia, path.format("INC-999"))
            assert private[0] == 404
        await say(installation, 'task INC-3 "zebra task" @mia')
        for path in ("/tasks", "/tasks?all=yes"):
            assert "zebra" not in (await page(mia, path))[1]


async def test_an_incidents_page_tells_everything(installation: App) -> None:
    await say(installation, 'yes, task INC-1 "Free some space" @mia')
    await say(installation, 'yes, update INC-1 identified "The <b>database</b> is full"')
    async with tab(installation, "mia") as mia:
        _, text = await page(mia, "/incidents/INC-1")
        for shown in (
            "checkout is down",
            "Free some space",
            "Bo Chen",
            "SEV1",
            "identified",
            "Setup",
        ):
            assert shown in text
        assert "&lt;b&gt;database" in text, "what people wrote is text"
        _, mine = await page(mia, "/tasks")
        assert "Free some space" in mine
        _, duty = await page(mia, "/oncall")
        assert "Now:" in duty


async def test_older_ones_are_a_page_further(installation: App) -> None:
    for number in range(PAGE):
        await say(installation, f"declare {number} broke somewhere")
    async with tab(installation, "mia") as mia:
        _, first = await page(mia, "/incidents?q=")
        older = re.search(r'href="(/incidents\?before=\d+)" rel="next"', first)
        assert older is not None
        _, second = await page(mia, older[1])
        assert len(listed(first)) == PAGE
        assert listed(second) == ["INC-2", "INC-1"]


def test_an_address_that_makes_no_sense_asks_for_the_open_ones() -> None:
    odd = dict.fromkeys((*FIELDS, "before"), "\u0967-1;x")
    found = asked({**odd, "mine": ""}, Viewer(PersonId("mia")))
    assert (found.severity, found.status, found.before, found.open_only) == (None, "", None, True)
