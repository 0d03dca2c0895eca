"""The features in their order: an earlier one knows no later one, and what hears an event first stands first."""

from __future__ import annotations

from bot.briefs import feature as briefs
from bot.drills import feature as drills
from bot.incidents import feature as incidents
from bot.messages import feature as messages
from bot.oncall import feature as oncall
from bot.organisation import feature as organisation
from bot.paging import feature as paging
from bot.plugins import feature as plugins
from bot.postmortems import feature as postmortems
from bot.retention import feature as retention
from bot.statuspage import feature as statuspage
from bot.tasks import feature as tasks
from bot.updates import feature as updates
from bot.warrooms import feature as warrooms

FEATURES = (
    messages.FEATURE,
    incidents.FEATURE,
    updates.FEATURE,
    tasks.FEATURE,
    warrooms.FEATURE,
    oncall.FEATURE,
    paging.FEATURE,
    statuspage.FEATURE,
    briefs.FEATURE,
    postmortems.FEATURE,
    drills.FEATURE,
    organisation.FEATURE,
    retention.FEATURE,
    plugins.FEATURE,
)

# What can be set of them: variables of the environment, sections of the organisation file.
SETTINGS = tuple(each for feature in FEATURES for each in feature.settings)
SECTIONS = tuple(each for feature in FEATURES for each in feature.sections)
