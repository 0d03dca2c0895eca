"""The list of an incident's people, by role."""

from __future__ import annotations

from collections.abc import Mapping

from bot.core.chat.card import Bullets, Card, Line, Mention, Strong
from bot.core.incident import Incident
from bot.core.people import PersonId


def roles_card(incident: Incident, names: Mapping[PersonId, str]) -> Card:
    """Roles first, then everybody else."""
    holders = {who: role.word for role, who in incident.roles.items()}
    rows: list[Line] = [
        (Strong(f"{role.word.capitalize()} "), Mention(who, names.get(who, who)))
        for role, who in incident.roles.items()
    ]
    rows += [(Mention(who, name),) for who, name in names.items() if who not in holders]
    return Card(f"In {incident.reference}", (Bullets(tuple(rows)),))
