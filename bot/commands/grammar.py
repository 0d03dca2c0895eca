"""TEMPORARY stand-in."""
from __future__ import annotations

import re
from typing import Any

from bot.commands.spec import *
from bot.commands.spec import INCIDENT, TEXTS
from bot.domain.incident import IncidentId, Role, Status
from bot.domain.priority import Severity
from bot.domain.when import duration, instant
from bot.views.card import Need


class CommandTable:
    def __init__(self, commands: tuple[Command, ...]) -> None:
        self.commands = commands
        self.words: dict[tuple[str, str], tuple[Command, dict[str, Any]]] = {}
        for c in commands:
            for w in (c.name, *c.synonyms):
                self.words[(c.group, w)] = (c, {})
            for s in c.shorthands:
                self.words[(c.group, s.word)] = (c, dict(s.values))

def _may_write(self: Any, text: str, group: str) -> bool:
    hit = self.words.get((group, (text.split() or [""])[0].casefold()))
    return hit is None or hit[0].access is Access.WRITE
CommandTable.may_write = _may_write
_REF = re.compile(r"inc-(\d+)", re.IGNORECASE)
BAD = object()

def _read(arg: Arg, token: str, lex: Any) -> Any:
    k = arg.kind
    t = token.casefold()
    if k is ArgKind.SEVERITY:
        m = re.fullmatch(r"(?:sev|p)?([1-5])", t)
        if m and (t[0] in "sp" or arg.need is Need.REQUIRED): return Severity(int(m[1]))
    elif k is ArgKind.PRIORITY:
        m = re.fullmatch(r"p([1-5])", t)
        if m: return int(m[1])
    elif k is ArgKind.STATUS:
        alias = {"mitigated": "monitoring", "fixed": "resolved"}
        try: return Status(alias.get(t, t))
        except ValueError: return BAD
    elif k is ArgKind.ROLE:
        for r in Role:
            if r.value.startswith(t) and len(t) > 2: return r
    elif k is ArgKind.PERSON:
        if token.startswith("@"):
            p = lex.person(token[1:])
            return p if p is not None else BAD
    elif k is ArgKind.NUMBER:
        if re.fullmatch(r"#?\d{1,9}", t): return int(t.lstrip("#"))
    elif k is ArgKind.DURATION:
        d = duration(t)
        return d if d is not None else BAD
    elif k is ArgKind.CHOICE:
        if t in arg.choices: return t
    elif k is ArgKind.TARGET:
        noun, _, name = token.partition(":")
        if name and noun in set(Noun):
            return Addressee(Noun(noun), name)
        found = [Addressee(Noun.PERSON, p) for p in [lex.person(token.lstrip("@"))] if p] + [Addressee(Noun.TEAM, p) for p in [lex.team(token)] if p] + [Addressee(Noun.SERVICE, p) for p in [lex.service(token.lstrip("#"))] if p]
        if len(found) == 1: return found[0]
    elif k is ArgKind.URL and t.startswith("http"): return token
    return BAD

def parse(text: str, group: str, commands: CommandTable, lex: Any) -> Outcome:
    words = text.split()
    if not words:
        c, _ = commands.words[("incident", "declare")]
        return Incomplete(c, {}, tuple(a for a in c.args if a.need is Need.REQUIRED))
    hit = commands.words.get((group, words[0].casefold()))
    m = re.fullmatch(r"(?:sev|p)([1-5])", words[0].casefold())
    if hit is None and m and len(words) == 1:
        hit = commands.words[("incident", "sev")][0], {"severity": Severity(int(m[1]))}
    if hit is None:
        return Unsure(text, (Suggestion(f'Declare "{text}"', f"declare {text}"),))
    command, values = hit[0], dict(hit[1])
    rest = text.strip()[len(words[0]):].strip()
    if command.place is Place.ROOM:
        r = _REF.match(rest)
        if r:
            values[INCIDENT] = IncidentId(int(r[1])); rest = rest[r.end():].strip()
        elif lex.here is not None:
            values[INCIDENT] = lex.here
    if command.name == "declare":
        return _declare(command, rest, lex)
    return _args(command, values, rest, lex, text)

def _declare(command: Command, rest: str, lex: Any) -> Outcome:
    values: dict[str, Any] = {}
    m = re.match(r'["\u201c](.+?)["\u201d](?:\s+|$)', rest, re.DOTALL)
    tail = rest[m.end():] if m else rest
    toks = list(re.finditer(r"\S+", tail))
    services: list[Any] = []
    cut = len(tail)
    for t in reversed(toks):
        w = t[0]
        sev = re.fullmatch(r"(?:sev|p)([1-5])", w.casefold())
        if sev: values.setdefault("severity", Severity(int(sev[1])))
        elif w.startswith("#") and lex.service(w[1:]): services.insert(0, lex.service(w[1:]))
        elif w.startswith("@") and lex.person(w[1:]): values.setdefault("lead", lex.person(w[1:]))
        elif re.fullmatch(r"(--|\u2014|\u2013)(private|test)", w): values[re.sub(r"\W", "", w)] = Flag.ON
        else: break
        cut = t.start()
    title = m[1] if m else tail[:cut].strip()
    if not title and rest:
        title, values, services = rest, {}, []
    if services: values["services"] = tuple(services)
    if not title: return Incomplete(command, values, (command.args[0],))
    return Parsed(command, {"title": title, **values})

def _args(command: Command, values: dict[str, Any], rest: str, lex: Any, whole: str) -> Outcome:
    todo = [a for a in command.args if a.name not in values]
    quoted = re.search(r'["\u201c](.*)["\u201d]', rest, re.DOTALL)
    texts = [a for a in todo if a.kind in TEXTS]
    if quoted and texts:
        values[texts[0].name] = quoted[1]
        rest = rest[:quoted.start()] + " " + rest[quoted.end():]
        todo.remove(texts[0]); texts = []
    for a in [a for a in todo if a.after]:
        m = re.search(rf"(?:^|\s){a.after}\s+(.+)$", rest)
        if m:
            at = instant(m[1], lex.now, lex.zone, a.reading)
            if at is not None:
                values[a.name] = at; rest = rest[:m.start()]; todo.remove(a)
    toks = rest.split()
    for a in [a for a in todo if a.kind is ArgKind.FLAG]:
        if f"--{a.name}" in toks: toks.remove(f"--{a.name}"); values[a.name] = Flag.ON
        todo.remove(a)
    for a in list(todo):
        if a.kind in TEXTS or a.after: continue
        if a.kind is ArgKind.PEOPLE:
            people = [Addressee(Noun.PERSON, lex.person(t[1:])) if lex.person(t[1:]) else Addressee(Noun.TEAM, lex.team(t[1:])) for t in toks if t.startswith("@") and (lex.person(t[1:]) or lex.team(t[1:]))]
            if people: values[a.name] = tuple(people); toks = []
            continue
        for i in ([0] if not texts else [0, -1]):
            if toks:
                v = _read(a, toks[i], lex)
                if v is not BAD:
                    values[a.name] = v; toks.pop(i); break
    if texts and toks:
        values[texts[0].name] = " ".join(toks); toks = []
    if toks:
        if lex.here is None and command.place is Place.ROOM:
            return Unsure(whole, (Suggestion(f'Declare "{whole}"', f"declare {whole}"),))
        return Unreadable(command, values, None, " ".join(toks), f"I cannot read “{' '.join(toks)}”. /incident help {command.name} shows how.")
    if command.place is Place.ROOM and INCIDENT not in values:
        return NeedsRoom(command, values, whole)
    missing = tuple(a for a in command.args if a.need is Need.REQUIRED and a.name not in values)
    if missing: return Incomplete(command, values, missing)
    return Parsed(command, values)

def canonical(command: Command, values: Any) -> str:
    out = [command.name]
    if INCIDENT in values: out.append(f"INC-{values[INCIDENT]}")
    for a in command.args:
        v = values.get(a.name)
        if v is None: continue
        if a.kind in TEXTS: out.append(f'"{v}"')
        elif a.kind is ArgKind.FLAG: out.append(f"--{a.name}")
        elif a.kind is ArgKind.PERSON: out.append(f"@{v}")
        elif a.kind is ArgKind.SERVICES: out += [f"#{s}" for s in v]
        elif a.kind is ArgKind.SEVERITY: out.append(v.label.lower())
        elif a.kind is ArgKind.PEOPLE: out += [f"@{x.name}" for x in v]
        elif a.after: out += [a.after, v.isoformat()]
        else: out.append(str(v))
    return " ".join(out)

def complete(text: str, cursor: int, group: str, commands: CommandTable, lex: Any) -> list[Completion]:
    head = text[:cursor]
    start = len(head) - len(head.split(" ")[-1])
    word = head[start:]
    if " " not in head.strip() and not head.endswith(" "):
        return [Completion(c.name + " ", c.name, c.help, start, cursor) for c in commands.commands if c.group == group and c.name.startswith(word)][:20]
    if word.startswith("#"): return [Completion("#" + n.key + " ", "#" + n.key, n.label, start, cursor) for n in lex.names(Noun.SERVICE, word[1:], 10)]
    if word.startswith("@"): return [Completion("@" + n.key + " ", "@" + n.key, n.label, start, cursor) for n in lex.names(Noun.PERSON, word[1:], 10)]
    return []
