"""The sentences that stand in the code: those that are raised, and those that answers and cards are made of."""

from __future__ import annotations

import ast
from collections.abc import Iterable, Iterator
from pathlib import Path

ERRORS = (
    "UserError",
    "NotFound",
    "NotAllowed",
    "IllegalMove",
    "Invalid",
    "Refused",
    "MessageMissing",
)
# What makes an answer or a part of a card of a sentence.
LINES = ("told", "text", "context", "line")
SAYS = ("done", "question", "refusal", "Card", *LINES)


def _where(path: Path) -> str:
    """The noun or the platform, and the file: "paging answering"; of a noun's main files, the noun alone."""
    match path.parts:
        case ("bot", noun, *_) | ("handlers", "chat", noun, *_):
            pass
        case _:
            noun = path.parent.name
    stem = path.stem.removesuffix("_commands")
    return noun if stem in ("commands", "service", "cards", "model") else f"{noun} {stem}"


def said(path: Path) -> Iterator[tuple[str, str]]:
    """Every sentence that a file answers with, with the function that does in words."""
    tree, inside = ast.parse(path.read_text(encoding="utf-8")), set[ast.AST]()
    for function in ast.walk(tree):
        if isinstance(function, ast.FunctionDef | ast.AsyncFunctionDef):
            inside |= set(ast.walk(function))
            where = f"{_where(path)}: {function.name.strip('_').replace('_', ' ')}"
            yield from _answers(where, ast.walk(function), dict(_assigned(function)))
    yield from _answers(_where(path), (node for node in ast.walk(tree) if node not in inside), {})


def _answers(
    where: str, nodes: Iterable[ast.AST], known: dict[str, str]
) -> Iterator[tuple[str, str]]:
    for node in nodes:
        if isinstance(node, ast.Call) and _name(node.func) in SAYS:
            parts = node.args if _name(node.func) in LINES else node.args[:1]
            text = "".join(_sentence(arg, known) or "‹…›" for arg in parts)
            if " " in text.replace("‹…›", "").strip():
                yield where, text


def raised(path: Path) -> Iterator[tuple[str, str]]:
    """Every sentence that is raised in a file, with the function that raises it in words."""
    tree = ast.parse(path.read_text(encoding="utf-8"))
    for function in ast.walk(tree):
        if not isinstance(function, ast.FunctionDef | ast.AsyncFunctionDef):
            continue
        known = dict(_assigned(function))
        for node in ast.walk(function):
            if isinstance(node, ast.Call) and _name(node.func) in ERRORS and node.args:
                text = " – ".join(filter(None, (_sentence(arg, known) for arg in node.args)))
                if " " in text:
                    yield f"{_where(path)}: {function.name.strip('_').replace('_', ' ')}", text


def _assigned(function: ast.AST) -> Iterator[tuple[str, str]]:
    """Words that were put together before they are raised."""
    for node in ast.walk(function):
        if isinstance(node, ast.Assign) and isinstance(node.targets[0], ast.Name):
            text = _sentence(node.value, {})
            if " " in text:
                yield node.targets[0].id, text


def _name(node: ast.AST) -> str:
    return node.id if isinstance(node, ast.Name) else getattr(node, "attr", "")


def _sentence(node: ast.AST, known: dict[str, str]) -> str:  # noqa: PLR0911 - one way for each kind of node
    match node:
        case ast.Constant(value=str() as text):
            return text
        case ast.JoinedStr():
            return "".join(_sentence(part, known) for part in node.values)
        case ast.FormattedValue():
            return known.get(_name(node.value)) or f"‹{ast.unparse(node.value).split('.')[-1]}›"
        case ast.BinOp(op=ast.Add()):
            return _sentence(node.left, known) + _sentence(node.right, known)
        case ast.IfExp():
            return f"‹{_sentence(node.body, known).strip()}›"
        case ast.Name():
            return known.get(node.id, f"‹{node.id}›")
        case _:
            return ""
