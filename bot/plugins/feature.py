"""What the host of plug-ins declares. Single plug-ins declare themselves (``bot.wiring.plugins``)."""

from __future__ import annotations

from bot.jobs.feature import Feature
from bot.plugins.organisation import PRIVATE

FEATURE = Feature("plugins", sections=(PRIVATE,))
