// One message as an element: who, when, what, reactions and replies. Lists arrange them.

import { cardNode } from "./cards.js";
import { button, h, hidden } from "./dom.js";
import { icon, reaction } from "./icons.js";
import { textNodes } from "./text.js";
import { clock, timeNode } from "./time.js";
import { filesNode } from "./uploads.js";

/** Somebody's initials; the bot has its bell. */
export function avatar({ id, name, bot }) {
  if (bot) return h("span.avatar.bot", { "aria-hidden": "true" }, icon("bell"));
  const words = name.trim().split(/\s+/);
  const initials = [words[0], ...words.slice(1).slice(-1)].map((word) => [...word][0] ?? "?").join("");
  const node = h("span.avatar", { "aria-hidden": "true" }, initials.toUpperCase());
  node.style.setProperty("--hue", [...id].reduce((sum, char) => (sum * 31 + char.codePointAt(0)) % 9973, 7) % 360);
  return node;
}

/** A kept message. `compact` leaves out who, who is named just above; `place` is room, thread or results. */
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
  const author = [h("b.author", { dir: "auto" }, name), bot && h("span.badge", null, "bot")];
  return h("div.head", null, ...author, timeNode(message.at, "clock"), pinMark(message));
}

function pinMark({ pinned }) {
  return pinned && h("span.pinned", { title: "Pinned" }, icon("pin"), hidden("Pinned"));
}

function said(message, { store, acts }, place) {
  const { id, room, thread, text, card } = message;
  if (message.deleted) return h("p.text.gone", null, "This message was deleted.");
  const where = { room, message: id, thread: place === "thread" ? thread || id : null };
  if (card) return cardNode(card, store, (command, node) => acts.press(command, node, where));
  const edited = message.edited && h("small", null, " (edited)");
  const words = (text || edited) && h("p.text", { dir: "auto" }, textNodes(text, store), edited);
  return words ? h("div", null, words, filesNode(message.files)) : filesNode(message.files);
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
  const face = [icon("thread"), count === 1 ? "1 reply" : `${count} replies`];
  const open = () => show({ kind: "thread", parent: id });
  return count > 0 && button("replies", face, open, { data: { key: "replies" } });
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
  const buttons = [button("primary", "Save", save), button("plain", "Cancel", stop)];
  return h("div.editor", null, box, h("div.buttons", null, buttons));
}

/** A message on its way, or one that was refused. */
export function echoNode({ id, room, text, thread, state, error }, { store, acts }) {
  const drop = () => store.unecho(id);
  const again = () => {
    drop();
    acts.say(room, text, thread);
  };
  const words = { sending: "sending…", failed: "not sent" }[state];
  const head = h("div.head", null, h("b.author", { dir: "auto" }, store.me.name), h("small", null, words));
  const body = h("div.body", null, head, h("p.text", { dir: "auto" }, textNodes(text, store)));
  const choices = [button("plain", "Try again", again), button("plain", "Discard", drop)];
  if (state === "failed") body.append(h("div.refused", { role: "alert" }, error, choices));
  return h("article.message.echo", null, avatar(store.me), body);
}

/** What only this person sees: the answer to a command, or a word from the bot. */
export function privateNode({ id, room, thread, typed, card }, { store, acts, focus }) {
  const shut = () => {
    store.dismiss(id);
    focus();
  };
  const words = "Only you see this";
  const close = button("quiet", icon("close"), shut, { label: "Dismiss", data: { key: "dismiss" } });
  const command = typed && h("code", { dir: "auto" }, typed);
  const head = h("div.head", null, icon("eye"), h("small", null, words), command, close);
  const press = (command, node) => acts.press(command, node, { room, thread, from: id });
  const body = h("div.body", null, head, cardNode(card, store, press));
  return h("article.message.private", { tabindex: "-1", "aria-label": words }, avatar({ bot: true }), body);
}
