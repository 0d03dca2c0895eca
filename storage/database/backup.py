"""Backups: a SQLite file copied while it is written to, and put in place again; PostgreSQL by its own tools."""

from __future__ import annotations

import os
import shutil
import sqlite3
import subprocess
from collections.abc import Callable
from contextlib import closing
from datetime import datetime
from pathlib import Path

from alembic.script import ScriptDirectory
from sqlalchemy import make_url

from bot.core.errors import Fault
from storage.database.migrate import NewerSchema, alembic_config
from storage.database.sqlite import sqlite_path

# Copied at a time; between two pieces the progress is told.
_PIECE = 500
# The table of a backup that holds what people dropped as files.
_PACKED = "packed_files"
Told = Callable[[int, int], None]


class NoBackup(Fault):
    """The backup cannot be made, or what was given is none; the text says why."""


def back_up(url: str, target: Path, told: Told, files: Path | None = None) -> None:
    """One consistent moment of the database in ``target`` (mode 0600), whatever is written meanwhile.
    The files in the folder ``files`` go into it, too; into a PostgreSQL's dump they do not.

    ``told`` hears pages left and pages in all. A target that exists is replaced only once the new one
    is whole and on disk. Raises ``NoBackup``.
    """
    partial = target.with_name(f".{target.name}.partial")
    partial.unlink(missing_ok=True)
    try:
        if url.startswith("sqlite"):
            _copy(sqlite_path(url), partial, told)
            _pack(files, partial)
            check(partial)
        else:
            _dump(url, partial)
        partial.chmod(0o600)
        _synced(partial)
        partial.replace(target)
    except (OSError, sqlite3.Error) as error:
        raise NoBackup(f"No backup was made: {error}.") from None
    finally:
        partial.unlink(missing_ok=True)


def _copy(source: Path, target: Path, told: Told) -> None:
    if not source.exists():
        raise NoBackup(f"There is no database at {source} yet.")
    with (
        closing(sqlite3.connect(f"{source.absolute().as_uri()}?mode=ro", uri=True)) as read,
        closing(sqlite3.connect(target)) as written,
    ):
        # Holding a read transaction keeps one moment in view; without it every write elsewhere would
        # begin the copy anew (https://sqlite.org/c3ref/backup_finish.html).
        read.execute("BEGIN")
        read.execute("SELECT count(*) FROM sqlite_schema").fetchone()
        read.backup(written, pages=_PIECE, progress=lambda _, left, total: told(left, total))
        read.rollback()
        # One file, with nothing beside it.
        written.execute("PRAGMA journal_mode=DELETE")


def _pack(folder: Path | None, target: Path) -> None:
    """After the database, so that each file that a row names is there; a file that came later does no harm."""
    with closing(sqlite3.connect(target)) as written:
        written.execute(f"CREATE TABLE {_PACKED} (name TEXT PRIMARY KEY, body BLOB NOT NULL)")
        for path in sorted(folder.iterdir()) if folder and folder.is_dir() else ():
            if path.is_file() and not path.name.startswith("."):
                row = (path.name, path.read_bytes())
                written.execute(f"INSERT INTO {_PACKED} VALUES (?, ?)", row)  # noqa: S608 - our name
        written.commit()


def _unpack(packed: Path, folder: Path | None) -> None:
    """Put the files back where there is a folder for them, and leave the database as it was."""
    with closing(sqlite3.connect(packed)) as file:
        known = file.execute("SELECT count(*) FROM sqlite_schema WHERE name = ?", (_PACKED,))
        if not known.fetchone()[0]:
            return
        if folder is not None:
            folder.mkdir(mode=0o700, parents=True, exist_ok=True)
            query = f"SELECT name, body FROM {_PACKED}"  # noqa: S608 - our name
            for name, body in file.execute(query):
                path = folder / Path(name).name
                path.write_bytes(body)
                path.chmod(0o600)
        file.execute(f"DROP TABLE {_PACKED}")
        file.commit()


def check(path: Path) -> None:
    """That ``path`` is a whole SQLite database with our schema, not newer than we know.

    Raises ``NoBackup`` or ``NewerSchema``.
    """
    try:
        with closing(sqlite3.connect(f"{path.absolute().as_uri()}?mode=ro", uri=True)) as file:
            sound = file.execute("PRAGMA quick_check(1)").fetchone()[0]
            present = file.execute("SELECT version_num FROM alembic_version").fetchone()
    except sqlite3.Error as error:
        raise NoBackup(f"{path} is no backup of Tocsin: {error}.") from None
    if sound != "ok":
        raise NoBackup(f"{path} is damaged: {sound}.")
    known = {s.revision for s in ScriptDirectory.from_config(alembic_config()).walk_revisions()}
    if present is None or present[0] not in known:
        raise NewerSchema(
            f"{path} has schema {present and present[0]}, which this Tocsin does not know. "
            "Restore it with the Tocsin that made it, or a newer one."
        )


def restore(source: Path, url: str, now: datetime, files: Path | None = None) -> Path | None:
    """Put ``source`` in the place of the SQLite file at ``url``, and its files into the folder ``files``;
    the caller holds the database's lock.

    What was there is moved aside and returned. Killed at any instant, either the old file is in place
    (or aside, complete) or the new one is. Raises ``NoBackup``.
    """
    check(source)
    target = sqlite_path(url)
    partial = target.with_name(f".{target.name}.partial")
    try:
        shutil.copyfile(source, partial)
        partial.chmod(0o600)
        _unpack(partial, files)
        _synced(partial)
        aside = _aside(target, now)
        partial.replace(target)
        _synced(target.parent)
    except (OSError, sqlite3.Error) as error:
        raise NoBackup(f"Nothing was restored: {error}.") from None
    return aside


def _aside(target: Path, now: datetime) -> Path | None:
    """The old file with all that SQLite keeps beside it, complete in itself, under another name."""
    if not target.exists():
        return None
    with closing(sqlite3.connect(target)) as file:
        file.execute("PRAGMA wal_checkpoint(TRUNCATE)")
        file.execute("PRAGMA journal_mode=DELETE")
    aside = target.with_name(f"{target.name}.before-{now:%Y%m%dT%H%M%S}")
    target.replace(aside)
    return aside


def _synced(path: Path) -> None:
    handle = os.open(path, os.O_RDONLY)
    try:
        os.fsync(handle)
    finally:
        os.close(handle)


# --- PostgreSQL ----------------------------------------------------------------------------------


def _dump(url: str, target: Path) -> None:
    _tool(
        "pg_dump", ["--format=custom", "--no-owner", f"--file={target}"], url, "No backup was made"
    )


def restore_postgres(source: Path, url: str) -> None:
    """Replace what is in the database with a ``pg_dump`` of it, in one transaction. Raises ``NoBackup``."""
    words = ["--clean", "--if-exists", "--no-owner", "--single-transaction", str(source)]
    _tool("pg_restore", [*words], url, "Nothing was restored")


def _tool(name: str, words: list[str], url: str, nothing: str) -> None:
    """One of PostgreSQL's own tools; the password goes by its environment, never by its arguments."""
    found = shutil.which(name)
    if found is None:
        raise NoBackup(
            f"{nothing}: a PostgreSQL is copied with its own {name}, which is not on the PATH. "
            "Install PostgreSQL's client tools (Debian: postgresql-client), of the server's version."
        )
    address, environment = _address(url)
    done = subprocess.run(  # noqa: S603 - the tool's own path, and words of ours
        [found, *words, f"--dbname={address}"],
        env={**os.environ, **environment},
        capture_output=True,
        text=True,
        check=False,
    )
    if done.returncode:
        raise NoBackup(f"{nothing}: {name} says: {done.stderr.strip()[-500:]}")


def _address(url: str) -> tuple[str, dict[str, str]]:
    """The address without its password, and the password as libpq's variable."""

    parsed = make_url(url).set(drivername="postgresql")
    secret = {"PGPASSWORD": str(parsed.password)} if parsed.password else {}
    return parsed.set(password=None).render_as_string(hide_password=False), secret
