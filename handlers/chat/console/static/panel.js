// The side panel: a thread with its own composer, or a list of pins or of what a search found.

import { composer } from "./composer.js";
import { button, coalesced, find, h, reconcile } from "./dom.js";
import { messageNode } from "./message.js";
import { listed } from "./messages.js";
import { atBottom, walk } from "./timeline.js";

export function panel(app) {
  const { store, acts } = app;
  const thread = find("#thread");
  const results = find("#results");
  const replies = find("#thread-messages");
  const place = () => ({ room: store.current, thread: store.panel.parent, label: "Reply in thread" });
  const writer = composer(app, find("#thread-compose"), place);
  let found = [];
  let whole = [];
  let older = false;
  let asked = "";
  let shown = "";

  function show(next) {
    store.panel = next;
    found = [];
    whole = [];
    older = false;
    asked = shown = "";
    const kind = next?.kind ?? "";
    document.body.dataset.panel = kind;
    thread.hidden = kind !== "thread";
    results.hidden = kind !== "pins" && kind !== "search";
    find("#search-form").hidden = kind !== "search";
    find("#results-title").textContent = kind === "pins" ? "Pinned" : "Search";
    draw();
    STARTS[kind]?.();
  }

  const STARTS = {
    async thread() {
      writer.enter();
      const { panel: now } = store;
      const answer = await acts.thread(store.current, now.parent);
      if (answer?.t !== "found" || store.panel !== now) return;
      whole = answer.messages;
      draw();
    },
    search() {
      find("#search-text").focus();
      if (store.panel.text) ask(store.panel.text);
    },
    async pins() {
      find(".panel-close", results).focus();
      const now = store.panel;
      take(await acts.pins(store.current), now);
    },
  };

  async function ask(text) {
    find("#search-text").value = text;
    asked = text;
    const { panel: now } = store;
    if (text !== "") take(await acts.search(text, find("#search-here").checked && store.current), now);
  }

  function take(answer, now) {
    if (answer === null || store.panel !== now) return;
    found = answer.messages;
    older = answer.more === true;
    draw();
  }

  async function further() {
    const { panel: now } = store;
    const room = find("#search-here").checked && store.current;
    const answer = await acts.search(asked, room, found.at(-1).at);
    if (answer === null || store.panel !== now) return;
    take({ messages: [...found, ...answer.messages], more: answer.more }, now);
  }

  function close() {
    show(null);
    app.focus();
  }

  function draw() {
    if (store.panel?.kind === "thread") drawThread(store.panel.parent);
    else if (store.panel !== null) drawResults(store.panel.kind);
  }

  function drawThread(parent) {
    const log = store.log(store.current);
    const stick = shown !== parent || atBottom(replies);
    const here = (entry) => entry.thread === parent;
    // What the server named, as it is by now, with what came since.
    const known = new Map(whole.map((message) => [message.id, log.get(message.id) ?? message]));
    for (const message of [log.get(parent), ...log.replies(parent)]) if (message) known.set(message.id, message);
    if (!known.has(parent)) return;
    const all = [...known.values()].filter((one) => one.id === parent || !one.deleted).sort((one, two) => one.seq - two.seq);
    reconcile(replies, listed(app, all, here, "thread"));
    if (stick) replies.scrollTop = replies.scrollHeight;
    shown = parent;
  }

  function drawResults(kind) {
    const items = (kind === "pins" ? pins() : found).map((message) => result(message));
    const words = asked ? `Nothing found for “${asked}”.` : EMPTY[kind];
    const nothing = { key: "nothing", sig: words, make: () => h("p.empty", null, words) };
    const next = { key: "more", sig: "", make: () => button("plain", "Show older ones", further) };
    reconcile(find("#results-list"), items.length > 0 ? [...items, ...(older ? [next] : [])] : [nothing]);
  }

  /** The pins that the server named, as they are by now, with those pinned since. */
  function pins() {
    const log = store.log(store.current);
    const known = found.map((message) => log.get(message.id) ?? message);
    const all = new Map([...known, ...log.pinned()].map((message) => [message.id, message]));
    return [...all.values()].filter((message) => message.pinned).sort((one, two) => two.seq - one.seq);
  }

  function result(message) {
    const where = `Show in ${store.room(message.room)?.name}`;
    const go = () => app.reveal(message.room, message.id);
    const node = () => messageNode(message, app, { place: "results" });
    const make = () => h("div.result", null, node(), button("plain", where, go));
    return { key: message.id, sig: message.changed, make };
  }

  store.on(coalesced(draw), "log");
  for (const node of document.querySelectorAll(".panel-close")) node.addEventListener("click", close);
  for (const aside of [thread, results]) {
    aside.addEventListener("keydown", (event) => event.key === "Escape" && !event.defaultPrevented && close());
  }
  replies.addEventListener("keydown", walk);
  find("#search-form").addEventListener("submit", (event) => {
    event.preventDefault();
    ask(find("#search-text").value.trim());
  });
  return { show };
}

const EMPTY = {
  pins: "Nothing is pinned here yet.",
  search: "Search what was said in your rooms.",
};
