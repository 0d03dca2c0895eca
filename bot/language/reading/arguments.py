"""The arguments after a verb: quoted text first, then what has a word before it, then one by one."""

from __future__ import annotations

from dataclasses import dataclass, field

from bot.language.outcomes import Ambiguous, Lexicon
from bot.language.reading.tokens import Word, quoted, words
from bot.language.reading.values import MANY, READERS, target
from bot.language.spec import TEXTS, Arg, ArgKind, Command, Flag, Value

# A time has at most this many words: "next fri 17:00", "from fri 22:00 to 23:00".
_TIME_WORDS = 5
# Words that make a sentence of a search: "search is down".
_SENTENCE = frozenset(
    {"is", "are", "was", "were", "isn't", "has", "have", "does", "doesn't", "cannot"}
)
# ``fri 18:00-22:00``: one value, several words.
_IN_WORDS = (ArgKind.TIME, ArgKind.RANGE)


@dataclass(slots=True)
class Fill:
    """What has been read so far, and the words that are left."""

    values: dict[str, Value]
    rest: str
    left: list[Word] = field(default_factory=list)
    quoted: bool = False


def fill(
    command: Command, values: dict[str, Value], rest: str, known: Lexicon
) -> Fill | Ambiguous | None:
    """Everything read, or None when a word is left that nothing wants."""
    state = Fill(values, rest)
    text = next((arg for arg in command.args if arg.kind in TEXTS), None)
    found = quoted(rest) if text is not None else None
    if text is not None and found is not None:
        state.values[text.name], state.rest = found.inside, found.around
        state.quoted = True
    state.left = words(state.rest)
    _take_flags(command, state)
    _take_led(command, state, known)
    several = _take_plain(command, state, known)
    if several is not None:
        return several
    if state.left and not (text is not None and _take_text(text, state, known)):
        return None
    return state


def _open(command: Command, state: Fill) -> list[Arg]:
    return [arg for arg in command.args if arg.name not in state.values]


def _take_flags(command: Command, state: Fill) -> None:
    names = {arg.name for arg in command.args if arg.kind is ArgKind.FLAG}
    for word in [word for word in state.left if word.flag in names]:
        state.values[str(word.flag)] = Flag.ON
        state.left.remove(word)


def _take_led(command: Command, state: Fill, known: Lexicon) -> None:
    """``next 20m``, ``at 14:32``, ``due fri``: the longest run of words that reads as a value."""
    for arg in [arg for arg in _open(command, state) if arg.after]:
        places = [at for at, w in enumerate(state.left) if w.text.casefold() == arg.after]
        for at in reversed(places):
            if _led_by(arg, at, state, known):
                break


def _led_by(arg: Arg, at: int, state: Fill, known: Lexicon) -> bool:
    for count in range(_TIME_WORDS, 0, -1):
        run = state.left[at + 1 : at + 1 + count]
        if len(run) < count:
            continue
        value = READERS[arg.kind](arg, " ".join(word.text for word in run), known)
        if value is not None:
            state.values[arg.name] = value
            del state.left[at : at + 1 + count]
            return True
    return False


def _take_plain(command: Command, state: Fill, known: Lexicon) -> Ambiguous | None:
    """Arguments without a word before them take the first word; beside a text without quotes those that
    the spec has before it, and then any of them the last words."""
    plain = [
        arg
        for arg in _open(command, state)
        if not arg.after and arg.kind not in TEXTS and arg.kind is not ArgKind.FLAG
    ]
    unsaid = [
        at
        for at, arg in enumerate(command.args)
        if arg in _open(command, state) and arg.kind in TEXTS
    ]
    # Between quotes a verb's text is plain, and what else is said may come in any order.
    for arg in plain * (2 if state.quoted else 1):
        said = arg.name in state.values and arg.kind not in MANY
        if said or (unsaid and command.args.index(arg) > unsaid[0]):
            continue
        if arg.kind is ArgKind.TARGET:
            several = _take_target(command, arg, state, known)
            if several is not None:
                return several
        elif arg.kind in _IN_WORDS:
            _take_run(arg, state, known)
        else:
            _take_one(arg, 0, state, known)
    if any(arg.kind in TEXTS for arg in _open(command, state)):
        while any(_take_one(arg, -1, state, known) for arg in plain):
            continue
    return None


def _take_run(arg: Arg, state: Fill, known: Lexicon) -> None:
    """The longest run of first words that reads as a time."""
    for count in range(min(_TIME_WORDS, len(state.left)), 0, -1):
        run = " ".join(word.text for word in state.left[:count])
        value = READERS[arg.kind](arg, run, known)
        if value is not None:
            state.values[arg.name] = value
            del state.left[:count]
            return


def _take_one(arg: Arg, place: int, state: Fill, known: Lexicon) -> bool:
    """Whether the word at ``place`` reads as ``arg``; several in a row are one value where they may be."""
    taken = False
    while state.left and arg.kind in READERS and (arg.kind in MANY or arg.name not in state.values):
        value = READERS[arg.kind](arg, state.left[place].text, known)
        if value is None:
            break
        before = state.values.get(arg.name)
        both = isinstance(before, tuple) and isinstance(value, tuple)
        state.values[arg.name] = (*before, *value) if both else value  # type: ignore[misc]
        state.left.pop(place)
        taken = True
    return taken


def _take_target(command: Command, arg: Arg, state: Fill, known: Lexicon) -> Ambiguous | None:
    if not state.left:
        return None
    found = target(state.left[0].text, known)
    if len(found) == 1:
        state.values[arg.name] = found[0]
        state.left.pop(0)
    elif len(found) > 1 and len(state.left) == 1:
        return Ambiguous(command, dict(state.values), arg, tuple(found))
    return None


def _take_text(arg: Arg, state: Fill, known: Lexicon) -> bool:
    """What is left is the text, verbatim, where unquoted text may be meant."""
    if state.quoted or not _unquoted(arg, state, known):
        return False
    state.values[arg.name] = state.rest[state.left[0].start : state.left[-1].end]
    state.left = []
    return True


def _unquoted(arg: Arg, state: Fill, known: Lexicon) -> bool:
    in_room = known.here is not None
    match arg.kind:
        case ArgKind.TEXT:
            return in_room or "incident" in state.values
        case ArgKind.PHRASE:
            return (in_room or "incident" in state.values) and len(state.values) > 1
        case ArgKind.WORDS:
            return not _SENTENCE & {word.text.casefold() for word in state.left}
        case _:
            return False
