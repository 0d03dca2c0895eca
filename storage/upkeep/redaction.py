"""Erasing a text from everything that is kept about one incident. Nothing else erases."""

from __future__ import annotations

import json
import re
from collections.abc import Mapping, Sequence
from typing import Any

from sqlalchemy import Column, Table, select, update

from bot.core.incident import IncidentId
from bot.core.people import BOT
from bot.core.timeline import EntryId
from storage import tables
from storage.sql.direct import Executor

# What an entry's data may keep: nothing that somebody typed.
HARMLESS = ("role", "person", "number", "page", "level", "audience", "captured_by", "to", "status")

# Occasions whose card repeats what was written in the incident itself.
SUMMARIES = ("handover",)


def _words(text: str) -> re.Pattern[str]:
    """The text where no letter or digit touches it: redacting "ok" leaves "token" alone."""
    # In stored JSON a newline is a backslash and an n, which are no part of the word after them.
    before = r"(?:(?<!\w)|(?<=\\n)|(?<=\\t)|(?<=\\r))" if text[:1].isalnum() else ""
    after = r"(?!\w)" if text[-1:].isalnum() else ""
    # A card that travels with a job is JSON within JSON.
    spelt = dict.fromkeys(
        (text, json.dumps(text, ensure_ascii=False)[1:-1], json.dumps(text)[1:-1])
    )
    return re.compile(f"{before}(?:{'|'.join(re.escape(each) for each in spelt)}){after}")


class SqlRedaction:
    """What redaction may do: the one way in which memory forgets."""

    def __init__(self, connection: Executor) -> None:
        self._c = connection

    def entries(self, incident: IncidentId, entries: Sequence[EntryId]) -> None:
        table = tables.timeline
        query = select(table.c.id, table.c.data).where(
            table.c.incident == incident, table.c.id.in_(entries)
        )
        for number, data in self._c.execute(query).all():
            kept = {name: value for name, value in data.items() if name in HARMLESS}
            values = {"text": "", "url": "", "data": kept}
            self._c.execute(update(table).where(table.c.id == number).values(values))

    def replace_everywhere(
        self, incident: IncidentId, text: str, mark: str, reply: str
    ) -> list[str]:
        """Put ``mark`` in the place of ``text``; a kept reply that holds it becomes ``reply``.

        Returns the places where it was, in words.
        """
        whole: Mapping[str, tuple[Table, Column[Any]]] = {
            "tasks": (tables.tasks, tables.tasks.c.text),
            "pages": (tables.pages, tables.pages.c.text),
        }
        found = [
            name
            for name, (table, column) in whole.items()
            if self._replace(table, column, incident, text, mark)
        ]
        found += ["messages not sent yet"] if self._waiting(incident, text, mark) else []
        found += ["status page"] if self._published(incident, text, mark) else []
        found += ["kept replies"] if self._replies(incident, text, reply) else []
        return found

    def jobs_that_told(self, incident: IncidentId, text: str) -> list[tuple[int, str, str, str]]:
        """The jobs, done ones included, that may have told people ``text``: number, task, platform, occasion."""
        table, words = tables.jobs, _words(text)
        query = select(table.c.id, table.c.task, table.c.args).where(
            table.c.incident == incident, table.c.task.in_(("say", "whisper"))
        )
        return [
            (number, task, str(args.get("platform", "")), str(args.get("what", "")))
            for number, task, args in self._c.execute(query)
            if args.get("what") in SUMMARIES
            or any(isinstance(said, str) and words.search(said) for said in args.values())
        ]

    def _replace(
        self, table: Table, column: Column[Any], incident: IncidentId, text: str, mark: str
    ) -> bool:
        where = (table.c.incident == incident, column == text)
        return self._c.execute(update(table).where(*where).values({column.name: mark})).rowcount > 0

    def _waiting(self, incident: IncidentId, text: str, mark: str) -> bool:
        """Jobs carry words too: news to subscribers, troubles told."""
        table = tables.jobs
        words, found = _words(text), False
        query = select(table.c.id, table.c.args).where(table.c.incident == incident)
        for number, args in self._c.execute(query).all():
            kept = {
                k: words.sub(lambda _: mark, v) if isinstance(v, str) else v
                for k, v in args.items()
            }
            if kept != args:
                self._c.execute(update(table).where(table.c.id == number).values(args=kept))
                found = True
        return found

    def _published(self, incident: IncidentId, text: str, mark: str) -> bool:
        of, table = tables.publications, tables.publication_updates
        mine = select(of.c.id).where(of.c.incident == incident)
        where = (table.c.publication.in_(mine), table.c.body == text)
        return self._c.execute(update(table).where(*where).values(body=mark)).rowcount > 0

    def _replies(self, incident: IncidentId, text: str, reply: str) -> bool:
        table = tables.deliveries
        inside = json.dumps(text, ensure_ascii=False)[1:-1]
        holds = table.c.reply.contains(inside, autoescape=True)
        where = (table.c.incident == incident, holds)
        return self._c.execute(update(table).where(*where).values(reply=reply)).rowcount > 0

    def bot_messages(self, text: str, mark: str) -> int:
        """Put ``mark`` in the place of ``text`` in the console's cards of ours, living ones and direct messages alike,
        wherever it stands as words of its own; returns in how many."""
        table = tables.console_messages
        inside = json.dumps(text, ensure_ascii=False)[1:-1]
        where = (table.c.author == BOT.id, table.c.card.contains(inside, autoescape=True))
        count = 0
        for number, card in self._c.execute(select(table.c.id, table.c.card).where(*where)).all():
            left = _words(inside).sub(lambda _: mark, card)
            if left != card:
                self._c.execute(update(table).where(table.c.id == number).values(card=left))
                count += 1
        return count
