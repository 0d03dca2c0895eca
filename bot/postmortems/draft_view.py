"""The draft as Markdown and as a page: every sentence with links to the entries it was made of."""

from __future__ import annotations

from bot.core.chat.card import Block, Button, Buttons, Card, Link, Style, text
from bot.core.chat.text import escaped, render
from bot.core.incident import Incident
from bot.incidents.closing_rules import WriteUp
from bot.postmortems.model import Postmortem


def postmortem_card(incident: Incident, draft: Postmortem, said: WriteUp, url: str) -> Card:
    """Where the draft is, how far it is, and what reviewers will ask for."""
    ref = incident.reference
    if incident.is_open:
        words = f"The draft of {ref} grows with the timeline; it is sent when {ref} is resolved."
        return Card("", (text(words, " ", Link("Read it so far", url)),))
    how = {WriteUp.DONE: "done", WriteUp.SKIPPED: "not needed"}.get(said, f"{draft.score} of 100")
    blocks: list[Block] = [text(Link("Read the draft", url))]
    if draft.missing and said is WriteUp.DRAFT:
        blocks.append(text("Missing: ", ", ".join(draft.missing), "."))
    if said is WriteUp.DRAFT:
        done = Button("Done", f"postmortem {ref} done", Style.PRIMARY)
        skip = () if incident.is_major else (Button("Not needed", f"postmortem {ref} skip"),)
        blocks.append(Buttons((done, *skip)))
    return Card(f"Postmortem of {ref}: {how}", tuple(blocks))


def markdown(draft: Postmortem, incident_url: str) -> str:
    """``incident_url`` is the incident's own page; ``#entry-17`` is added for a link."""
    return render("postmortem/full.md.j2", draft=draft, url=incident_url, escaped=escaped)


def html(draft: Postmortem, incident_url: str) -> str:
    """A page of its own, styled by /static/incident_pages/pages.css."""
    return render("postmortem/full.html.j2", draft=draft, url=incident_url)
