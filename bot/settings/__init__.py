"""Settings from the environment and ``.env``; nothing else in Tocsin reads them."""

from bot.settings.loading import SettingsError, environment, load_settings, named_plugins
from bot.settings.model import NAMES, Settings
from bot.settings.reference import example, reference, variables
from bot.settings.values import Bind

__all__ = [
    "NAMES",
    "Bind",
    "Settings",
    "SettingsError",
    "environment",
    "example",
    "load_settings",
    "named_plugins",
    "reference",
    "variables",
]
