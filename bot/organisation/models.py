"""The shape of the organisation file, field by field, and what each field accepts.

``checks`` finds names that refer to nothing.
"""

from __future__ import annotations

import functools
from typing import Annotated, Any

from pydantic import Field, create_model
from pydantic import PlainValidator as Read

from bot.core.declared.fields import (
    Key,
    Notified,
    PersonKey,
    Platform,
    Strict,
    Text,
    Zone,
    a_call,
    a_phone,
    a_severity,
    a_truth,
    a_whole,
    an_address,
    an_email,
    fitting,
    one_of,
)
from bot.core.declared.sections import AnySection
from bot.core.errors import Fault
from bot.core.ports.declarations import Identity, OrgSetting, PlatformModule
from bot.core.severity import Severity
from bot.organisation.reach import ChannelModel, HoursModel, PolicyModel, RulesModel

Severe = Annotated[Severity, Read(a_severity)]


class PersonModel(Strict):
    """The fields that platforms declare are added by ``file_model``."""

    name: Text
    email: Annotated[str | None, Read(an_email)] = None
    timezone: Zone | None = None
    identities: dict[Platform, Text] = Field(default_factory=dict)
    admin: Annotated[bool, Read(a_truth)] = False
    phone: Annotated[str | None, Read(a_phone)] = None
    addresses: dict[Key, Text] = Field(default_factory=dict)
    rules: RulesModel = RulesModel()
    quiet: HoursModel | None = None


class TeamModel(Strict):
    name: Text | None = None
    members: list[Key] = Field(default_factory=list)
    managers: list[Key] = Field(default_factory=list)


class ServiceModel(Strict):
    team: Key | None = None
    tier: Annotated[int | None, Read(a_whole(1, 5))] = None
    depends_on: list[Key] = Field(default_factory=list)
    escalation: Key | None = None
    component: Key | None = None
    runbooks: list[Annotated[str, Read(an_address)]] = Field(default_factory=list)
    rooms: list[Platform] = Field(default_factory=list)


class CatchAllModel(Strict):
    notify: list[Notified] = Field(min_length=1)


class ComponentModel(Strict):
    name: Text
    group: Text = ""
    description: Text = ""


class ChatModel(Strict):
    """Left out, ``rooms`` are those of every platform. The fields that platforms declare are added by
    ``file_model``."""

    announce: dict[Platform, Text] = Field(default_factory=dict)
    call: Annotated[str, Read(a_call)] = ""
    rooms: list[Platform] = Field(default_factory=list)
    rooms_by_severity: dict[Severe, list[Platform]] = Field(default_factory=dict)


class FileModel(Strict):
    organisation: Text
    timezone: Zone = "UTC"
    chat: ChatModel = ChatModel()
    people: dict[PersonKey, PersonModel] = Field(min_length=1)
    teams: dict[Key, TeamModel] = Field(default_factory=dict)
    services: dict[Key, ServiceModel] = Field(default_factory=dict)
    schedules: dict[Key, dict[str, Any]] = Field(default_factory=dict)
    escalations: dict[Key, PolicyModel] = Field(default_factory=dict)
    channels: dict[Key, ChannelModel] = Field(default_factory=dict)
    catch_all: CatchAllModel
    components: dict[Key, ComponentModel] = Field(default_factory=dict)


# --- what platforms add ------------------------------------------------------------------------


@functools.lru_cache
def file_model(
    platforms: tuple[PlatformModule, ...], sections: tuple[AnySection, ...] = ()
) -> type[FileModel]:
    """The whole file, with the fields that these platforms and features declare."""
    person, chat = _person_model(platforms), _chat_model(platforms)
    more: dict[str, Any] = {
        "chat": (chat, chat()),
        "people": (dict[PersonKey, person], Field(min_length=1)),  # type: ignore[valid-type]
        **{each.name: (each.model | None, None) for each in sections},
    }
    return create_model("FileModel", __base__=FileModel, **more)


def _person_model(platforms: tuple[PlatformModule, ...]) -> type[PersonModel]:
    fields: dict[str, Any] = {
        each.identity.field: (_kind(each.identity), None) for each in platforms if each.identity
    }
    _free(fields, PersonModel, "people.…")
    return create_model("PersonModel", __base__=PersonModel, **fields)


def _kind(identity: Identity) -> Any:
    if not identity.pattern:
        return Text | None
    return Annotated[str | None, Read(fitting(identity.pattern, identity.says))]


def _chat_model(platforms: tuple[PlatformModule, ...]) -> type[ChatModel]:
    made = {
        each.name: _settings_model(each.name, each.settings) for each in platforms if each.settings
    }
    fields: dict[str, Any] = {name: (model, model()) for name, model in made.items()}
    _free(fields, ChatModel, "chat")
    return create_model("ChatModel", __base__=ChatModel, **fields)


def _settings_model(platform: str, settings: tuple[OrgSetting, ...]) -> type[Strict]:
    fields: dict[str, Any] = {}
    for setting in settings:
        kind: Any = Annotated[str, Read(one_of(setting.choices))] if setting.choices else Text
        if isinstance(setting.default, tuple):
            kind = list[kind]
        fields[setting.name] = (kind, Field(default_factory=functools.partial(_fresh, setting)))
    _free(fields, Strict, f"chat.{platform}")
    return create_model("SettingsModel", __base__=Strict, **fields)


def _fresh(setting: OrgSetting) -> str | list[str]:
    return setting.default if isinstance(setting.default, str) else list(setting.default)


def _free(fields: dict[str, Any], model: type[Strict], where: str) -> None:
    """A platform may not take the place of what everybody's file has."""
    for name in fields:
        if name in model.model_fields or hasattr(model, name):
            raise Fault(
                f"A chat platform declares {where}.{name}, which is taken; give it another name."
            )
