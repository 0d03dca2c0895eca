"""What a process says of itself: which one it is, and its plug-ins."""

from __future__ import annotations

from dataclasses import dataclass

from bot.admin.context import About, AdminContext
from bot.admin.request import Answer, Request


@dataclass(frozen=True, slots=True, kw_only=True)
class GetAbout(Request[About]):
    """Who answers. Idempotent; refused by nothing."""


async def about(context: AdminContext, request: GetAbout) -> About:
    return context.about


@dataclass(frozen=True, slots=True, kw_only=True)
class PluginState(Answer):
    """``off`` says why it is not called; empty while it is."""

    name: str
    off: str


@dataclass(frozen=True, slots=True, kw_only=True)
class PluginStates(Answer):
    plugins: tuple[PluginState, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class ListPlugins(Request[PluginStates]):
    """The plug-ins that were found. Idempotent; refused by nothing."""


async def plugins(context: AdminContext, request: ListPlugins) -> PluginStates:
    return PluginStates(
        plugins=tuple(PluginState(name=name, off=why) for name, why in context.plugins())
    )
