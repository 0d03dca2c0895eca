"""The draft as Markdown and as a page: every sentence with links to the entries it was made of."""

from __future__ import annotations

import re

from bot.domain.postmortem import Postmortem
from bot.views.text import render

_MARKUP = re.compile(r"([\\`*_{}\[\]()#+!|<>~])")


def escaped(text: str) -> str:
    """User text in Markdown: on one line, and nothing in it a link, a heading or a tag."""
    flat = " ".join(text.split())
    return _MARKUP.sub(r"\\\1", flat)


def markdown(draft: Postmortem, incident_url: str) -> str:
    """``incident_url`` is the incident's own page; ``#entry-17`` is added for a link."""
    return render("postmortem/full.md.j2", draft=draft, url=incident_url, escaped=escaped)


def html(draft: Postmortem, incident_url: str) -> str:
    """A page of its own, styled by /static/tracker/pages.css."""
    return render("postmortem/full.html.j2", draft=draft, url=incident_url)
