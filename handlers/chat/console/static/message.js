// One message as an element: who, when, what, reactions and replies. Lists arrange them.

import { cardNode } from "./cards.js";
import { button, h, hidden } from "./dom.js";
import { icon, reaction } from "./icons.js";
import { textNodes } from "./text.js";
import { clock, timeNode } from "./time.js";

const HUES = 8;

/** A circle with somebody's initials; the bot has its bell. */
export function avatar({ id, name, bot }) {
  if (bot) return h("span.avatar.bot", { "aria-hidden": "true" }, icon("bell"));
  const words = name.trim().split(/\s+/);
  const initials = [words[0], ...words.slice(1).slice(-1)].map((word) => [...word][0] ?? "?").join("");
  const hue = [...id].reduce((sum, char) => (sum * 31 + char.codePointAt(0)) % 9973, 7) % HUES;
  return h(`span.avatar.hue-${hue}`, { "aria-hidden": "true" }, initials.toUpperCase());
}

/**
 * A kept message.
 * @param {{compact?: boolean, place: string}} look `compact` leaves out who, who is named just above;
 *   `place` is room, thread or results
 */
export function messageNode(message, app, { compact, place }) {
  const editing = app.store.editing === message.id;
  const name = `${message.author.name}, ${clock(message.at)}`;
  return h(
    compact ? "article.message.compact" : "article.message",
    { tabindex: "-1", data: place === "results" ? {} : { message: message.id }, "aria-label": name },
    compact ? h("span.gutter", null, timeNode(message.at, "clock")) : avatar(message.author),
    h(
      "div.body",
      null,
      compact ? pinMark(message) : head(message),
      editing ? editor(message, app) : said(message, app, place),
      reactions(message, app),
      place === "room" && replies(message, app),
    ),
  );
}

function head(message) {
  const { name, bot } = message.author;
  const author = h("b.author", { dir: "auto" }, name);
  return h("div.head", null, author, bot && h("span.badge", null, "bot"), timeNode(message.at, "clock"), pinMark(message));
}

function pinMark({ pinned }) {
  return pinned && h("span.pinned", { title: "Pinned" }, icon("pin"), hidden("Pinned"));
}

function said(message, { store, acts }, place) {
  const { id, room, thread, text, card } = message;
  if (message.deleted) return h("p.text.gone", null, "This message was deleted.");
  const where = { room, message: id, thread: place === "thread" ? thread || id : null };
  if (card) return cardNode(card, store, (command, node) => acts.press(command, node, where));
  return h("p.text", { dir: "auto" }, textNodes(text, store), message.edited && h("small", null, " (edited)"));
}

function reactions(message, { store, acts }) {
  const given = message.reactions.filter((one) => one.people.length > 0);
  const called = (id) => (id === store.me.id ? "you" : (store.people.get(id)?.name ?? id));
  const chip = ({ name, people }) => {
    const { face, words, captures } = reaction(name, store.reactions);
    const props = {
      label: `${words}: ${people.map(called).join(", ")}`,
      "aria-pressed": String(people.includes(store.me.id)),
      data: { key: `reaction-${name}` },
    };
    const count = h("span", null, String(people.length));
    return button(captures ? "chip.capture" : "chip", [face, count], () => acts.toggle(message, name), props);
  };
  return given.length > 0 && !message.deleted && h("div.reactions", null, given.map(chip));
}

function replies({ id, replies: count }, { show }) {
  const words = count === 1 ? "1 reply" : `${count} replies`;
  return count > 0 && button("replies", [icon("thread"), words], () => show({ kind: "thread", parent: id }), { data: { key: "replies" } });
}

function editor(message, app) {
  const stop = () => {
    app.store.editing = "";
    app.store.touch("log");
    app.focus();
  };
  const save = () => {
    const text = box.value.trim();
    if (text !== "" && text !== message.text) app.acts.edit(message, text);
    stop();
  };
  const onkeydown = (event) => {
    const act = { Escape: stop, Enter: event.shiftKey || event.isComposing ? undefined : save }[event.key];
    if (act === undefined) return;
    event.preventDefault();
    act();
  };
  const box = h("textarea", { value: message.text, rows: "3", "aria-label": "Edit your message", onkeydown });
  requestAnimationFrame(() => box.focus());
  return h("div.editor", null, box, h("div.buttons", null, button("primary", "Save", save), button("plain", "Cancel", stop)));
}

/** A message on its way, or one that was refused. */
export function echoNode(echo, { store, acts }) {
  const failed = echo.state === "failed";
  const drop = () => store.unecho(echo.id);
  const again = () => {
    drop();
    acts.say(echo.room, echo.text, echo.thread);
  };
  const refused = () => h("div.refused", { role: "alert" }, echo.error, button("plain", "Try again", again), button("plain", "Discard", drop));
  const name = h("b.author", { dir: "auto" }, store.me.name);
  const words = { sending: "sending…", failed: "not sent" }[echo.state];
  return h(
    "article.message.echo",
    null,
    avatar(store.me),
    h("div.body", null, h("div.head", null, name, h("small", null, words)), h("p.text", { dir: "auto" }, textNodes(echo.text, store)), failed && refused()),
  );
}

/** What only this person sees: the answer to a command, or a word from the bot. */
export function privateNode(entry, { store, acts, focus }) {
  const shut = () => {
    store.dismiss(entry.id);
    focus();
  };
  const where = { room: entry.room, thread: entry.thread, from: entry.id };
  const typed = entry.typed && h("code", { dir: "auto" }, entry.typed);
  const close = button("quiet", icon("close"), shut, { label: "Dismiss", data: { key: "dismiss" } });
  return h(
    "article.message.private",
    { tabindex: "-1", "aria-label": "Only you see this" },
    avatar({ bot: true }),
    h(
      "div.body",
      null,
      h("div.head", null, icon("eye"), h("small", null, "Only you see this"), typed, close),
      cardNode(entry.card, store, (command, node) => acts.press(command, node, where)),
    ),
  );
}
