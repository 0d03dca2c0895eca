"""An organisation file as it was applied."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime


@dataclass(frozen=True, slots=True)
class Applied:
    """The file's text as it was applied. ``digest`` is the SHA-256 of it, in hex."""

    text: str
    digest: str
    at: datetime
    by: str
