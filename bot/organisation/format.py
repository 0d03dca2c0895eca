"""The organisation file's text: YAML whose scalars are strings, with the line of every value.

Read as strings, so that ``17:00`` and ``NO`` are not 1020 and false; a key that stands twice is refused.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any

import yaml

from bot.core.errors import Fault

Path = tuple[str | int, ...]

_PLAIN = ("str", "seq", "map")
_NOTHING = ("", "null", "~")


@dataclass(frozen=True, slots=True)
class Problem:
    """``path`` is where in the file; ``line`` counts from 1."""

    line: int
    path: Path
    text: str


class OrgError(Fault):
    """The organisation file cannot be used; one line for each problem."""

    def __init__(self, name: str, problems: list[Problem]) -> None:
        self.problems = sorted(problems, key=lambda p: (p.line, dotted(p.path)))
        lines = [f"{name}:{p.line}: {dotted(p.path)}: {p.text}" for p in self.problems]
        super().__init__("\n".join(lines))


def dotted(path: Path) -> str:
    """``services.checkout.tier``; list items by their place, from 1."""
    return ".".join(str(part + 1) if isinstance(part, int) else part for part in path) or "file"


@dataclass(slots=True)
class Document:
    """Plain data (mappings, lists, strings and None), and the line of each value by its path."""

    data: Any = None
    lines: dict[Path, int] = field(default_factory=dict)
    problems: list[Problem] = field(default_factory=list)

    def line(self, path: Path) -> int:
        """The line of the value, or of the nearest thing around it."""
        while path and path not in self.lines:
            path = path[:-1]
        return self.lines.get(path, 1)


def read(text: str) -> Document:
    """Parse. Faults of the YAML itself are problems too."""
    document = Document()
    try:
        # The loader that keeps plain scalars as strings: no numbers, no dates, no booleans.
        node = yaml.compose(text, Loader=yaml.BaseLoader)
    except yaml.MarkedYAMLError as error:
        line = error.problem_mark.line + 1 if error.problem_mark else 1
        document.problems.append(Problem(line, (), f"is no YAML: {error.problem}."))
    except yaml.reader.ReaderError as error:
        line = text.count("\n", 0, error.position) + 1
        document.problems.append(Problem(line, (), "holds a character that YAML does not allow."))
    except RecursionError:
        document.problems.append(Problem(1, (), "is nested too deeply."))
    else:
        document.data = {} if node is None else _Reader(document).value(node, ())
    return document


class _Reader:
    """Turns nodes into data. Each collection may stand in one place only: no loops, no floods."""

    def __init__(self, document: Document) -> None:
        self._document = document
        self._seen: set[int] = set()

    def value(self, node: yaml.Node, path: Path) -> Any:
        self._document.lines[path] = node.start_mark.line + 1
        if node.tag.rpartition(":")[2] not in _PLAIN:
            self._wrong(
                node, path, f"has the tag {node.tag}; tags are not understood, take it away."
            )
            return None
        if isinstance(node, yaml.ScalarNode):
            return None if node.style is None and node.value in _NOTHING else node.value
        if id(node) in self._seen:
            self._wrong(node, path, "is repeated by an alias (*…); write it out.")
            return None
        self._seen.add(id(node))
        if isinstance(node, yaml.MappingNode):
            return self._mapping(node, path)
        return [self.value(item, (*path, at)) for at, item in enumerate(node.value)]

    def _mapping(self, node: yaml.MappingNode, path: Path) -> Mapping[str, Any]:
        found: dict[str, Any] = {}
        for key_node, value_node in node.value:
            if not isinstance(key_node, yaml.ScalarNode):
                self._wrong(key_node, path, "has a key that is not a word.")
                continue
            key = key_node.value
            if key in found:
                self._wrong(key_node, (*path, key), "stands twice; keep one of them.")
                continue
            found[key] = self.value(value_node, (*path, key))
            # A value may begin below its key; people look for the key.
            self._document.lines[(*path, key)] = key_node.start_mark.line + 1
        return found

    def _wrong(self, node: yaml.Node, path: Path, text: str) -> None:
        self._document.problems.append(Problem(node.start_mark.line + 1, path, text))
