"""The project's own rules, read from the files that git knows. Each rule yields complaints; none may."""

from __future__ import annotations

import ast
import functools
import re
import subprocess
import tomllib
from collections.abc import Iterator
from pathlib import Path

from bot.settings.model import NAMES

ROOT = Path(__file__).resolve().parent.parent
PACKAGES = ("bot", "handlers", "storage")
DEPENDENCIES = "docs/decisions/0001-dependencies.md"
LONGEST_FILE = 300
LONGEST_FUNCTION = 40

# Modules that are long lists. Each with its reason.
MAY_BE_LONG = frozenset(
    {
        "storage/tables.py",  # every table of the database, one after the other
        "storage/migrations/versions/v0001_initial.py",  # every table, as it was first made
    }
)
# Where any failure at all may end, each with its reason.
MAY_CATCH_ALL = frozenset(
    {
        "bot/jobs/worker.py",  # recorded on the job's row, retried or failed for good, reported
        "bot/jobs/scheduler.py",  # the same for a timer, whose neighbours fire all the same
        "bot/language/dispatch.py",  # told to the person as a card, reported
        "bot/plugins/loading.py",  # a plug-in that cannot be loaded: left out, reported, shown by doctor
        "bot/plugins/host.py",  # the same for one that raises: passed from its thread to whoever asked
        "storage/database/sqlite.py",  # passed from the writer's thread to whoever asked
        "storage/database/postgres.py",  # the same, from the task that commits together
    }
)

# What shows on which machine a file was written. The last one is an index of packages.
OF_ONE_MACHINE = re.compile(
    r"/root/|/home/[a-z]|/Users/[a-z]|\bfile:///(?!\.\.\.)|https?://[^\s'\"<>]+/simple\b"
    r"|--(?:extra-)?index-url[ =]"
)
# These files only forbid such paths.
MAY_NAME_PLACES = frozenset({"tests/test_house.py", "Makefile"})


# --- what there is to read -------------------------------------------------------------------


@functools.cache
def files() -> tuple[str, ...]:
    """Every file that git tracks or would track, as a path from the root."""
    listed = subprocess.run(
        ["git", "ls-files", "--cached", "--others", "--exclude-standard", "-z"],
        cwd=ROOT,
        capture_output=True,
        text=True,
        check=False,
    )
    names = listed.stdout.split("\0") if listed.returncode == 0 else _walked()
    return tuple(sorted(name for name in set(names) if name and (ROOT / name).is_file()))


def _walked() -> list[str]:
    # An unpacked archive has no git: take what is not hidden and not generated.
    paths = (path.relative_to(ROOT) for path in ROOT.rglob("*"))
    return [
        str(path)
        for path in paths
        if not any(part.startswith(".") or part == "__pycache__" for part in path.parts)
    ]


@functools.cache
def text(name: str) -> str:
    """The file's text; empty for pictures and other binary files."""
    try:
        return (ROOT / name).read_text(encoding="utf-8")
    except UnicodeDecodeError:
        return ""


@functools.cache
def tree(name: str) -> ast.Module:
    """The file's syntax."""
    return ast.parse(text(name), name)


def sources(*folders: str) -> list[str]:
    """The Python files below these folders; of the whole project when none is named."""
    places = tuple(f"{folder}/" for folder in folders)
    return [name for name in files() if name.endswith(".py") and name.startswith(places or "")]


def none_of(complaints: Iterator[str]) -> None:
    """Fails with every complaint on a line of its own."""
    found = list(complaints)
    assert not found, "\n" + "\n".join(found)


# --- the rules -------------------------------------------------------------------------------


def too_long_files() -> Iterator[str]:
    for name in sources():
        lines = text(name).count("\n")
        if lines > LONGEST_FILE and name not in MAY_BE_LONG:
            yield f"{name}: {lines} lines, at most {LONGEST_FILE}"


def too_long_functions() -> Iterator[str]:
    for name in sources():
        for node in ast.walk(tree(name)):
            if isinstance(node, ast.FunctionDef | ast.AsyncFunctionDef):
                lines = (node.end_lineno or node.lineno) - node.lineno + 1
                if lines > LONGEST_FUNCTION and name not in MAY_BE_LONG:
                    yield f"{name}:{node.lineno}: {node.name} has {lines} lines"


def swallows_all(node: ast.ExceptHandler) -> bool:
    """Whether this handler takes whatever comes (bare, Exception, BaseException) and keeps it.

    One that ends in a bare ``raise`` only tidies up on the way.
    """
    last = node.body[-1]
    if isinstance(last, ast.Raise) and last.exc is None:
        return False
    caught = node.type.elts if isinstance(node.type, ast.Tuple) else [node.type]
    return any(
        kind is None or (isinstance(kind, ast.Name) and kind.id in {"Exception", "BaseException"})
        for kind in caught
    )


def broad_excepts() -> Iterator[str]:
    for name in sources(*PACKAGES):
        if name not in MAY_CATCH_ALL:
            for node in ast.walk(tree(name)):
                if isinstance(node, ast.ExceptHandler) and swallows_all(node):
                    yield f"{name}:{node.lineno}: catches everything"


def modules_without_docstring() -> Iterator[str]:
    for name in sources(*PACKAGES):
        if text(name).strip() and not ast.get_docstring(tree(name)):
            yield f"{name}: no docstring"


def traces_of_one_machine() -> Iterator[str]:
    for name in files():
        if name in MAY_NAME_PLACES:
            continue
        for number, line in enumerate(text(name).splitlines(), 1):
            if OF_ONE_MACHINE.search(line) or str(ROOT) + "/" in line:
                yield f"{name}:{number}: {line.strip()[:100]}"


def decisions_without_title() -> Iterator[str]:
    for name in files():
        if name.startswith("docs/decisions/") and not re.match(r"# \S", text(name)):
            yield f"{name}: the first line is no title"
        if name.startswith("docs/decisions/") and not re.match(r"\d{4}-[a-z0-9-]+\.md$", name[15:]):
            yield f"{name}: named otherwise than 0001-some-words.md"


def dependencies_without_reason() -> Iterator[str]:
    """The page of dependencies and pyproject.toml name the same ones."""
    project = tomllib.loads(text("pyproject.toml"))
    asked = [*project["project"]["dependencies"], *project["dependency-groups"]["dev"]]
    wanted = {re.split(r"[\[<>=;~! ]", requirement, maxsplit=1)[0] for requirement in asked}
    explained = set(re.findall(r"^\| ([a-z0-9.-]+) \|", text(DEPENDENCIES), re.MULTILINE)) - {
        "library"
    }
    yield from (f"{DEPENDENCIES}: no reason for {name}" for name in sorted(wanted - explained))
    yield from (f"{DEPENDENCIES}: {name} is not used" for name in sorted(explained - wanted))


def unhashed_pins() -> Iterator[str]:
    for name in ("requirements.lock", "requirements-dev.lock"):
        for requirement in re.split(r"\n(?=\S)", text(name).strip()):
            if not re.match(r"[a-z0-9-]+==\S+ (; .* )?\\\n +--hash=sha256:", requirement):
                yield f"{name}: {requirement[:80]}"


def read_variables(syntax: ast.AST) -> Iterator[str]:
    """The environment's variables that code asks for by their names."""
    for node in ast.walk(syntax):
        match node:
            case ast.Subscript(value=source, slice=ast.Constant(value=str(variable))):
                pass
            case ast.Call(
                func=ast.Attribute(value=source, attr="get" | "getenv"),
                args=[ast.Constant(value=str(variable)), *_],
            ):
                pass
            case _:
                continue
        if ast.unparse(source).rpartition(".")[2] in {"environ", "os"}:
            yield variable


def unlisted_settings() -> Iterator[str]:
    asked = {variable for name in sources(*PACKAGES) for variable in read_variables(tree(name))}
    for variable in sorted({*NAMES, *asked}):
        for page in (".env.example", "docs/settings.md"):
            if not re.search(rf"\b{variable}\b", text(page)):
                yield f"{page}: nothing about {variable}"


# --- the tests -------------------------------------------------------------------------------


def test_there_is_something_to_read() -> None:
    assert len(sources(*PACKAGES)) > 10
    assert "pyproject.toml" in files()


def test_files_are_short() -> None:
    none_of(too_long_files())


def test_functions_are_short() -> None:
    none_of(too_long_functions())


def test_few_places_catch_everything() -> None:
    none_of(broad_excepts())


def test_every_module_says_what_lives_in_it() -> None:
    none_of(modules_without_docstring())


def test_no_file_tells_of_the_machine_it_was_written_on() -> None:
    none_of(traces_of_one_machine())


def test_every_decision_has_a_number_and_a_title() -> None:
    none_of(decisions_without_title())


def test_every_dependency_has_its_reason() -> None:
    none_of(dependencies_without_reason())


def test_every_locked_package_is_pinned_and_hashed() -> None:
    none_of(unhashed_pins())


def test_every_setting_is_explained() -> None:
    none_of(unlisted_settings())


def test_a_variable_that_code_reads_is_found() -> None:
    code = "environ['A']; settings.environ.get('B', ''); os.getenv('C'); cells['D']; row.get('E')"
    assert list(read_variables(ast.parse(code))) == ["A", "B", "C"]
