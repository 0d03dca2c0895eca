"""What a change did to an incident, kept with its entry so that it can be taken back."""

from __future__ import annotations

import json
from collections.abc import Mapping
from functools import cache
from typing import Any

from pydantic import TypeAdapter

from bot.core.errors import Invalid
from bot.core.incident import Incident

# The name under which an entry's data holds it; it is shown nowhere.
UNDO = "undo"


@cache
def _adapter() -> TypeAdapter[Incident]:
    return TypeAdapter(Incident)


def _dump(incident: Incident) -> dict[str, Any]:
    found: dict[str, Any] = _adapter().dump_python(incident, mode="json")
    return found


def undo_of(before: Incident, after: Incident) -> dict[str, str]:
    """Each changed field as it was and as it became, as data of the entry; {} when nothing changed."""
    old, new = _dump(before), _dump(after)
    fields = {n: [old[n], new[n]] for n in old if n != "revision" and old[n] != new[n]}
    return {UNDO: json.dumps(fields, ensure_ascii=False)} if fields else {}


def restored(incident: Incident, data: Mapping[str, str]) -> Incident:
    """The incident with the change taken back. Raises ``Invalid`` when it was changed again since."""
    now = _dump(incident)
    fields: dict[str, list[Any]] = json.loads(data[UNDO])
    if any(now[name] != became for name, (_, became) in fields.items()):
        raise Invalid("It was changed again since. Set it to what it should be.")
    was = {name: before for name, (before, _) in fields.items()}
    return _adapter().validate_python({**now, **was})
