"""How a person fills a slash command in: the registered tree decides what can be chosen."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field

from tests.fakes.discord import shape
from tests.fakes.discord.model import Json
from tests.fakes.discord.world import World

_STRING, _INTEGER, _BOOLEAN, _NUMBER = 3, 4, 5, 10
_SNOWFLAKES = frozenset({6, 7, 8, 9})


@dataclass
class Resolved:
    """What the chosen ids stand for; Discord sends it along."""

    world: World
    found: dict[str, Json] = field(default_factory=dict)

    def add(self, chosen: int) -> None:
        world, key = self.world, str(chosen)
        if chosen in world.users:
            self.found.setdefault("users", {})[key] = shape.user(world.users[chosen])
            if chosen in world.members:
                about = {**shape.bare_member(world.members[chosen]), "permissions": "0"}
                self.found.setdefault("members", {})[key] = about
        elif chosen in world.roles:
            self.found.setdefault("roles", {})[key] = shape.role(world.roles[chosen])
        elif chosen in world.channels:
            about = {**shape.channel(world, world.channels[chosen]), "permissions": "0"}
            self.found.setdefault("channels", {})[key] = about
        else:
            raise AssertionError(f"nothing has the id {chosen}")

    def told(self) -> Json:
        return {"resolved": self.found} if self.found else {}


def find_command(world: World, path: str) -> tuple[Json, Json, list[tuple[str, int]]]:
    """The command, the leaf that ``path`` leads to, and the names between. Never synced: no command."""
    name, *rest = path.split(" ")
    known = {c["name"]: c for c in world.commands.values() if c["type"] == 1}
    assert name in known, f"/{name} is not registered; there are {sorted(known)}"
    leaf, between = known[name], []
    for part in rest:
        inner = {o["name"]: o for o in leaf.get("options") or () if o["type"] in {1, 2}}
        assert part in inner, f"/{path}: no {part!r} among {sorted(inner)}"
        leaf = inner[part]
        between.append((part, int(leaf["type"])))
    nested = [o["name"] for o in leaf.get("options") or () if o["type"] in {1, 2}]
    assert not nested, f"/{path} cannot be invoked bare; it has {nested}"
    return known[name], leaf, between


def filled(
    leaf: Json, given: Mapping[str, object], resolved: Resolved, *, partial: bool = False
) -> list[Json]:
    """The options as the client sends them. What it would not send fails the test."""
    known = {option["name"]: option for option in leaf.get("options") or ()}
    assert set(given) <= set(known), f"no option {sorted(set(given) - set(known))}: {sorted(known)}"
    missing = [n for n, o in known.items() if o.get("required") and n not in given]
    assert partial or not missing, f"required: {missing}"
    return [_option(known[name], value, resolved) for name, value in given.items()]


def _option(option: Json, value: object, resolved: Resolved) -> Json:
    kind, name = option["type"], option["name"]
    choices = [choice["value"] for choice in option.get("choices") or ()]
    assert not choices or value in choices, f"{name}: {value!r} is not among {choices}"
    if kind in _SNOWFLAKES:
        resolved.add(int(str(value)))
        value = str(value)
    elif kind == _STRING:
        assert isinstance(value, str)
        most, least = option.get("max_length", 6000), option.get("min_length", 0)
        assert least <= len(value) <= most, f"{name}: {len(value)} characters"
    else:
        wanted = {_BOOLEAN: bool, _INTEGER: int, _NUMBER: float}[kind]
        assert isinstance(value, wanted), f"{name} is no {wanted.__name__}"
    return {"type": kind, "name": name, "value": value}
