"""Log-in links made at the command line."""

from __future__ import annotations

from pathlib import Path

from bot.cli.exits import Exit
from tests.cli import settings, tocsin
from tests.installation import environment


def test_a_link_is_made_for_somebody_of_the_organisation(tmp_path: Path) -> None:
    with settings(environment(tmp_path)):
        made = tocsin("login-link", "ana", "--json")
        assert made.data["person"] == "ana"
        assert "/login/link/" in made.data["url"]
        again = tocsin("login-link", "ana", "--json")
        assert again.data["url"] != made.data["url"]


def test_nobody_else_is_let_in_and_the_refusal_names_who_can_be(tmp_path: Path) -> None:
    with settings(environment(tmp_path)):
        refused = tocsin("login-link", "nobody")
        assert refused.code == Exit.REFUSED
        assert "Nobody is called nobody in the organisation file" in refused.err
