// The current room's list on the page: scrolling, paging back, reading, and moving by arrow keys.

import { announce, coalesced, find, h, reconcile } from "./dom.js";
import { listed } from "./messages.js";
import { label } from "./sidebar.js";

const NEAR = 80;
const OLDER_FROM = 500;
const SPOKEN = 200;

/** Answers `reveal` (one message), `toBottom`, and `heard` (a message that is news). */
export function timeline(app) {
  const { store, acts } = app;
  const list = find("#messages");
  const latest = find("#latest");
  let shown = "";
  let stuck = true;
  let target = "";
  let missed = 0;

  function draw() {
    const room = store.room();
    if (room === undefined) return;
    if (shown !== room.id) enter(room);
    const log = store.log(room.id);
    const here = (entry) => entry.room === room.id && !entry.thread;
    const items = listed(app, log.loaded ? log.top() : [], here, "room", store.mark);
    const first = find("[data-message]", list);
    const below = stuck ? 0 : list.scrollHeight - list.scrollTop;
    reconcile(list, log.loaded && !log.more ? [beginning(room), ...items] : items);
    list.classList.toggle("loading", !log.loaded);
    const grew = first?.isConnected && first !== find("[data-message]", list);
    if (target !== "") showTarget();
    else if (stuck) stick();
    else if (grew) list.scrollTop = list.scrollHeight - below;
    seen();
    more(log);
  }

  function enter(room) {
    shown = room.id;
    stuck = true;
    missed = 0;
    list.ariaLabel = `Messages in ${room.name}`;
    if (!store.log(room.id).loaded) acts.older(room.id);
  }

  function beginning(room) {
    const hint = `This is where it begins. Type ${store.command} to declare an incident, or just talk.`;
    const make = () => h("div.beginning", null, h("h2", { dir: "auto" }, label(room)), h("p", null, hint));
    return { key: "beginning", sig: room.name, make };
  }

  function showTarget() {
    const node = find(`[data-message="${CSS.escape(target)}"]`, list);
    if (node === null) return;
    target = "";
    stuck = false;
    node.scrollIntoView({ block: "center" });
    node.focus({ preventScroll: true });
    node.classList.add("found");
  }

  function stick() {
    list.scrollTop = list.scrollHeight;
  }

  /** Asks for older messages while the top is near and nothing is under way. */
  function more(log) {
    if (list.scrollTop < OLDER_FROM && log.loaded && log.more && log.loading === null) acts.older(shown);
  }

  /** What is at the bottom, on a page that shows, has been read. */
  function seen() {
    const room = store.room();
    if (room === undefined || room.id !== shown) return;
    if (stuck) missed = 0;
    latest.hidden = stuck;
    find("span", latest).textContent = missed > 0 ? `${missed} new` : "Latest";
    if (stuck && !document.hidden && store.log(shown).loaded) acts.read(shown, room.seq);
  }

  function heard(message) {
    if (message.room !== store.current || message.thread) return;
    announce(`${message.author.name}: ${(message.text || message.card?.title || "").slice(0, SPOKEN)}`);
    if (!stuck) missed += 1;
  }

  function toBottom() {
    stuck = true;
    stick();
    seen();
  }

  store.on(coalesced(draw), "log", "room");
  list.addEventListener("scroll", () => {
    stuck = atBottom(list);
    seen();
    if (shown !== "") more(store.log(shown));
  });
  list.addEventListener("keydown", walk);
  latest.addEventListener("click", toBottom);
  document.addEventListener("visibilitychange", seen);
  // A picture that comes makes the list longer; `load` does not bubble.
  list.addEventListener("load", () => stuck && stick(), true);
  new ResizeObserver(() => stuck && stick()).observe(list);
  return {
    heard,
    toBottom,
    reveal(id) {
      target = id;
      draw();
    },
  };
}

export function atBottom(list) {
  return list.scrollHeight - list.scrollTop - list.clientHeight < NEAR;
}

/** Arrow keys go from message to message; Home and End to the first and the last. */
export function walk(event) {
  if (event.altKey || event.target.closest("textarea, input") !== null) return;
  const all = [...event.currentTarget.querySelectorAll("article[tabindex]")];
  const at = all.indexOf(event.target.closest("article"));
  const up = at === -1 ? all.length - 1 : at - 1;
  const to = all[{ ArrowUp: up, ArrowDown: at + 1, Home: 0, End: all.length - 1 }[event.key]];
  if (to === undefined) return;
  event.preventDefault();
  to.focus();
}
