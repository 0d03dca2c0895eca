"""The page of messages says what people read, and every refusal says what to do next."""

from __future__ import annotations

import re
from pathlib import Path

from tests.exhibits import cards
from tests.messages import PAGE, SITUATIONS, core, page
from tests.said_in_code import raised

# What tells that a sentence goes on to what can be done.
NEXT = re.compile(
    r"/(incident|oncall)|Nothing to do|Ask |Look |Type |Name |Say |Next can be|Admins:|organisation file"
    r"|Declare |Try |Send |Give |Invite |Rename |Make |Reload|Report|Start |See |Link |Correct |admin|in the other"
    r"|, so it stays|Instead:|Do this|Those of|Only |merge into|There are|Set it|name somebody|‹words›|or you are not in it"
    r"|was not sent|larger than|Page a person|Set it|Drop it again|Rename|‹hint›"
)


def test_the_page_is_what_is_really_rendered() -> None:
    assert PAGE.read_text(encoding="utf-8") == page(), "make docs"


def test_every_exhibit_has_its_situation() -> None:
    assert set(SITUATIONS) == set(cards())


def test_every_refusal_says_what_to_do_next() -> None:
    silent = [
        f"{when}: {text}"
        for path in (*core(), *sorted(Path("storage").rglob("*.py")))
        for when, text in raised(path)
        if not NEXT.search(text)
    ]
    assert silent == []
