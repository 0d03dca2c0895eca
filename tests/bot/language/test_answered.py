"""What a form's answer is told that names nothing: which word, and what it should have named."""

from __future__ import annotations

import pytest

from bot.language.reading.answered import answered, not_read
from bot.language.spec import Arg, ArgKind
from tests.bot.language.sentences import lexicon

TOLD = (
    (ArgKind.SERVICES, "nosuch", "No service is called nosuch."),
    (ArgKind.SERVICES, "#checkout, #nosuch #other", "No service is called nosuch or other."),
    (ArgKind.PEOPLE, "@ana @zed", "No person or team is called zed."),
    (ArgKind.PERSON, "@zed", "Nobody is called zed."),
    (ArgKind.TEAM, "nosuch", "No team is called nosuch."),
    (ArgKind.SCHEDULE, "nosuch", "No schedule is called nosuch."),
    (ArgKind.TARGET, "person:zed", "Nobody is called zed."),
    (ArgKind.TARGET, "team:zed", "No team is called zed."),
    (ArgKind.TARGET, "zed", "No person, team, service or schedule is called zed."),
    (ArgKind.DURATION, "soon", "“soon” is not a length of time, such as 30m or 2h."),
)


@pytest.mark.parametrize(("kind", "said", "told"), TOLD)
def test_a_name_that_nothing_bears_is_said_with_what_it_should_have_named(
    kind: ArgKind, said: str, told: str
) -> None:
    arg, known = Arg("which", kind), lexicon(None)
    assert answered(arg, said, known) is None
    assert not_read(arg, said, known) == told
