"""The console's modules as one script: order, names, and what is refused instead of guessed."""

from __future__ import annotations

import re

import pytest

from handlers.chat.console.joining import CannotJoin, joined
from handlers.chat.console.pages import STATIC, console_assets

DOM = "const lists = 1;\nexport function h() {}\nexport const none = 0;\n"


def test_a_module_stands_before_whoever_imports_it_and_keeps_its_own_names() -> None:
    page = 'import { h, none } from "./dom.js";\nconst lists = 2;\nh(none, lists);\n'
    assert joined({"page": page, "dom": DOM}, "page") == (
        "const $dom = (() => {\nconst lists = 1;\nfunction h() {}\nconst none = 0;\n"
        "return { h, none };\n})();\n"
        "const $page = (() => {\nconst { h, none } = $dom;\nconst lists = 2;\nh(none, lists);\n})();"
    )


def test_what_nobody_imports_is_left_out_and_what_two_import_is_there_once() -> None:
    one = 'import { h } from "./dom.js";\nexport class One {}\n'
    two = 'import { h } from "./dom.js";\nimport { One } from "./one.js";\n'
    script = joined({"two": two, "one": one, "dom": DOM, "spare": "fail();\n"}, "two")
    assert re.findall(r"^const \$(\w+)", script, re.MULTILINE) == ["dom", "one", "two"]
    assert "fail" not in script


@pytest.mark.parametrize(
    "line",
    [
        'import def from "./dom.js";',
        'import { h as made } from "./dom.js";',
        'import "./dom.js";',
        "export let changing = 1;",
        "export default 1;",
        "export { h };",
        'const late = await import("./dom.js");',
    ],
)
def test_what_it_does_not_know_is_refused(line: str) -> None:
    with pytest.raises(CannotJoin, match=re.escape(line)):
        joined({"page": f"{line}\n", "dom": DOM}, "page")


def test_two_that_import_each_other_are_named() -> None:
    one, two = 'import { b } from "./two.js";\n', 'import { a } from "./one.js";\n'
    with pytest.raises(CannotJoin, match="one imports two imports one"):
        joined({"one": one, "two": two}, "one")


def test_every_module_of_the_console_is_part_of_the_one_script() -> None:
    modules = {path.stem: path.read_text("utf-8") for path in STATIC.glob("*.js")}
    script = joined(modules, "console")
    assert set(re.findall(r"^const \$(\w+)", script, re.MULTILINE)) == set(modules)
    assert console_assets().url("all.js").endswith("/all.js")
