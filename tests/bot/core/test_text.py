"""Templates: ours, or single files of the user's in a sandbox."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest
from jinja2 import UndefinedError
from jinja2.exceptions import SecurityError

from bot.core.chat.text import override, render


@pytest.fixture(autouse=True)
def ours_again() -> Iterator[None]:
    yield
    override(None)


def test_a_folder_overrides_single_files(tmp_path: Path) -> None:
    (tmp_path / "incident_pages").mkdir()
    (tmp_path / "incident_pages" / "incident.html.j2").write_text("<p>{{ incident }}</p>")
    override(tmp_path)
    shown = render("incident_pages/incident.html.j2", incident="<b>")
    assert shown == "<p>&lt;b&gt;</p>"


def test_the_old_name_of_a_users_folder_is_found(tmp_path: Path) -> None:
    (tmp_path / "tracker").mkdir()
    (tmp_path / "tracker" / "incident.html.j2").write_text("<p>{{ incident }}</p>")
    override(tmp_path)
    assert render("incident_pages/incident.html.j2", incident="checkout") == "<p>checkout</p>"


def test_a_users_template_cannot_reach_into_the_process(tmp_path: Path) -> None:
    (tmp_path / "x.md.j2").write_text("{{ ''.__class__.__mro__[1].__subclasses__() }}")
    override(tmp_path)
    with pytest.raises(SecurityError):
        render("x.md.j2")


def test_an_unknown_name_is_an_error(tmp_path: Path) -> None:
    (tmp_path / "x.md.j2").write_text("{{ nobody }}")
    override(tmp_path)
    with pytest.raises(UndefinedError):
        render("x.md.j2")
