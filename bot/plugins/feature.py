"""What plug-ins as such declare; what single ones do comes from themselves (``bot.wiring.plugins``)."""

from __future__ import annotations

from bot.jobs.feature import Feature
from bot.plugins.organisation import PRIVATE

FEATURE = Feature("plugins", sections=(PRIVATE,))
