// What people typed, as nodes: addresses, people, rooms and code stand out, everything else is text.

import { anchor, h } from "./dom.js";

const FENCE = /```(?:[\w+-]*\n)?([\s\S]+?)\n?```\n?/g;
const TOKEN = /`([^`\n]+)`|(https?:\/\/[^\s<>"`]+)|(?<![\w@#/.])([@#])(?=[\p{L}\p{N}])/gu;
const WORD = /^[\p{L}\p{N}._-]*[\p{L}\p{N}]/u;

export function textNodes(text, store) {
  return pieces(text, FENCE, (match) => fenced(match)).flatMap((part) =>
    typeof part === "string" ? pieces(part, TOKEN, (match) => token(match, store)) : part,
  );
}

/** Cuts `text` at what `pattern` finds and `make` takes: {node, length}, or null to leave it. */
function pieces(text, pattern, make) {
  const parts = [];
  let from = 0;
  for (const match of text.matchAll(pattern)) {
    const made = match.index < from ? null : make(match);
    if (made === null) continue;
    parts.push(text.slice(from, match.index), made.node);
    from = match.index + made.length;
  }
  return [...parts, text.slice(from)];
}

function fenced([whole, code]) {
  return { node: h("pre", { tabindex: "0" }, h("code", null, code)), length: whole.length };
}

function token(match, store) {
  const [whole, code, url, mark] = match;
  if (code !== undefined) return { node: h("code", null, code), length: whole.length };
  if (url !== undefined) return linked(url);
  const after = match.input.slice(match.index + 1);
  return mark === "@" ? mention(after, store) : roomName(after, store);
}

/** A sentence's own punctuation is not part of the address that ends it. */
function linked(url) {
  let text = url.replace(/[.,;:!?'"\]}]+$/, "");
  if (text.endsWith(")") && !text.includes("(")) text = text.replace(/[).,;:!?]+$/, "");
  return { node: anchor(text, text), length: text.length };
}

function mention(after, store) {
  const found = personAt(after, store.people.values());
  if (found === null) return null;
  return { node: mentionNode(found.person.id, found.person.name, store), length: found.length + 1 };
}

export function mentionNode(id, name, store) {
  return h(id === store.me.id ? "span.mention.mine" : "span.mention", null, `@${name}`);
}

/** Who is named at the start of `after`: by full name, or by id up to the end of the word. */
function personAt(after, people) {
  const word = WORD.exec(after)?.[0].toLowerCase();
  for (const person of people) {
    const { length } = person.name;
    const named = after.slice(0, length).toLowerCase() === person.name.toLowerCase();
    if (named && !/^[\p{L}\p{N}]/u.test(after.slice(length))) return { person, length };
    if (person.id.toLowerCase() === word) return { person, length: word.length };
  }
  return null;
}

function roomName(after, store) {
  const name = WORD.exec(after)[0];
  const room = [...store.rooms.values()].find((one) => one.name === name && one.kind !== "direct");
  return room === undefined ? null : { node: roomLink(room.id, `#${name}`), length: name.length + 1 };
}

export function roomLink(id, text) {
  return h("a", { href: address(id) }, text);
}

/** The part of the page's address that names a room, and a message in it. */
export function address(room, message) {
  const parts = message ? [room, message] : [room];
  return `#/${parts.map(encodeURIComponent).join("/")}`;
}

/** Whether a message calls this person by name. */
export function mentions({ text, card }, me) {
  const named = (match) => match[3] === "@" && personAt(text.slice(match.index + 1), [me]) !== null;
  if (text) return [...text.matchAll(TOKEN)].some(named);
  const lines = (block) => block.line ?? block.items?.flatMap((item) => item.line ?? item) ?? [];
  return (card?.blocks ?? []).flatMap(lines).some((span) => span.span === "mention" && span.person === me.id);
}
