"""Incidents at the command line: the same verbs beside a running bot and alone, private ones absent."""

from __future__ import annotations

import json
import sqlite3
import stat
from collections.abc import AsyncIterator, Iterator
from pathlib import Path

import pytest

from bot.app import App, build, start, stop
from bot.cli.exits import Exit
from bot.settings.loading import load_settings
from storage.database.lock import FileLock
from tests.cli import beside, settings, tocsin
from tests.installation import environment


@pytest.fixture
def alone(tmp_path: Path) -> Iterator[dict[str, str]]:
    """Settings, and no bot."""
    found = environment(tmp_path)
    with settings(found):
        yield found


@pytest.fixture
async def bot(tmp_path: Path) -> AsyncIterator[App]:
    """A running bot, and commands that find it."""
    found = environment(tmp_path)
    with settings(found):
        app = await build(load_settings(found))
        try:
            await start(app)
            yield app
        finally:
            await stop(app)


def test_declared_without_a_bot_the_room_is_open_and_the_page_out_when_the_command_ends(
    alone: dict[str, str],
) -> None:
    made = tocsin("declare", "checkout is down", "--sev", "1", "--service", "checkout", "--json")
    assert made.data["reference"] == "INC-1"
    assert "No bot is running" in made.err
    record = json.loads(tocsin("export", "1").out)
    assert [room["platform"] for room in record["rooms"]] == ["console"]
    assert {step["state"] for step in record["plan"]} == {"done"}
    assert [notice["state"] for page in record["pages"] for notice in page["notices"]] == ["sent"]
    assert record["timeline"][0]["platform"] == "cli"


def test_a_title_is_what_was_typed(alone: dict[str, str]) -> None:
    made = tocsin("declare", "the", "old page", "says --private sev1")
    assert made.data["title"] == "the old page says --private sev1"
    assert made.data["visibility"] == "public"
    assert made.data["severity"] is None


def test_lists_and_search_show_what_matches(alone: dict[str, str]) -> None:
    tocsin("declare", "checkout is down")
    tocsin("declare", "mail is slow")
    tocsin("say", "resolved INC-2")
    assert [i["reference"] for i in tocsin("incidents").data["incidents"]] == ["INC-1"]
    every = tocsin("incidents", "--all").data["incidents"]
    assert [i["reference"] for i in every] == ["INC-2", "INC-1"]
    assert [i["reference"] for i in tocsin("incidents", "mail").data["incidents"]] == ["INC-2"]


def test_a_private_incident_answers_like_a_number_that_does_not_exist(
    alone: dict[str, str],
) -> None:
    tocsin("declare", "payroll leaked", "--private", "--as", "ana")
    inside = json.loads(tocsin("export", "1", "--everything").out)["members"]
    outsider = next(person for person in ("bo", "cy", "mia") if person not in inside)
    for words in (["show", "1"], ["export", "1"], ["show", "1", "--as", outsider]):
        private, none = tocsin(*words), tocsin(words[0], "99", *words[2:])
        assert private.code == none.code == Exit.REFUSED
        assert private.err.replace("INC-1", "INC-99") == none.err
        assert private.out == none.out == ""
    assert tocsin("incidents", "--all").data["incidents"] == []
    assert (
        json.loads(tocsin("export", "1", "--as", "ana").out)["incident"]["title"]
        == "payroll leaked"
    )
    refused = tocsin("export", "1", "--everything", "--as", outsider)
    assert refused.code == Exit.REFUSED


def test_all_are_exported_into_a_folder_in_each_format(
    alone: dict[str, str], tmp_path: Path
) -> None:
    tocsin("declare", "<script>alert(1)</script> *down*")
    tocsin("declare", "hidden", "--private", "--as", "ana")
    for form in ("json", "md", "html"):
        done = tocsin("export", "all", "--format", form, "--to", str(tmp_path / "out"))
        assert done.code == Exit.DONE, done
    found = sorted(path.name for path in (tmp_path / "out").iterdir())
    assert found == ["INC-1.html", "INC-1.json", "INC-1.md"]
    assert "<script>" not in (tmp_path / "out" / "INC-1.html").read_text()
    assert "\\*down\\*" in (tmp_path / "out" / "INC-1.md").read_text()


def test_a_refusal_a_wrong_word_and_a_taken_database_have_their_codes(
    alone: dict[str, str], tmp_path: Path
) -> None:
    assert tocsin("show", "INC-7").code == Exit.REFUSED
    assert tocsin("show", "seven").code == Exit.REFUSED
    assert tocsin("show").code == Exit.WRONG
    assert tocsin("declare", "x", "--as", "nobody").code == Exit.REFUSED
    lock = FileLock(tmp_path / "tocsin.db.lock")
    lock.take()
    taken = tocsin("incidents")
    lock.release()
    assert taken.code == Exit.AWAY
    assert "Another Tocsin" in taken.err


async def test_beside_a_running_bot_its_socket_does_the_work(bot: App, tmp_path: Path) -> None:
    path = tmp_path / "tocsin.sock"
    assert stat.S_IMODE(path.stat().st_mode) == 0o600
    made = await beside("declare", "checkout is down", "--test")
    assert made.data["mode"] == "test"
    assert made.err == ""
    for _ in range(200):
        if (await beside("show", "1")).data["rooms"]:
            break
    else:
        raise AssertionError("no room was opened")
    assert (await beside("incidents")).data["incidents"][0]["reference"] == "INC-1"
    assert (await beside("show", "INC-9")).code == Exit.REFUSED
    assert (await beside("jobs")).data["dead"] == []


async def test_a_socket_that_a_killed_bot_left_is_no_bot(
    alone: dict[str, str], tmp_path: Path
) -> None:
    import socket

    left = socket.socket(socket.AF_UNIX)
    left.bind(str(tmp_path / "tocsin.sock"))
    left.close()
    assert (await beside("incidents")).data == {"incidents": []}


def test_a_dead_job_is_listed_with_its_reason_and_tried_again_by_its_number(
    alone: dict[str, str], tmp_path: Path
) -> None:
    assert tocsin("declare", "checkout is down", "--test").code == Exit.DONE
    with sqlite3.connect(tmp_path / "tocsin.db") as file:
        killed = "UPDATE jobs SET state = 'dead', error = 'nobody answered' WHERE id = (SELECT max(id) FROM jobs)"
        assert file.execute(killed).rowcount == 1
    [dead] = tocsin("jobs").data["dead"]
    assert dead["error"] == "nobody answered"
    missing = tocsin("jobs", "--replay", "999999")
    assert (missing.code, "No dead job has the number 999999" in missing.err) == (
        Exit.REFUSED,
        True,
    )
    again = tocsin("jobs", "--replay", str(dead["id"]))
    assert again.data["dead"] == []
    assert "1 jobs are ready again" in again.err
    assert "0 jobs are ready again" in tocsin("jobs", "--replay-all").err
