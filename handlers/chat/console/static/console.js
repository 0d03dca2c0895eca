// The console's start: it joins the socket, what is known, and the views, and follows the address.

import { acts } from "./acts.js";
import { composer } from "./composer.js";
import { find, memory } from "./dom.js";
import { icon } from "./icons.js";
import { panel } from "./panel.js";
import { label, sidebar } from "./sidebar.js";
import { Store } from "./store.js";
import { switcher } from "./switcher.js";
import { address } from "./text.js";
import { startTicking, useZone } from "./time.js";
import { timeline } from "./timeline.js";
import { toolbar } from "./toolbar.js";
import { Wire } from "./wire.js";

const store = new Store();

const HANDLERS = {
  welcome(frame) {
    useZone(frame.me.timezone);
    store.welcome(frame);
    sayAgain();
    if (store.current === "") follow();
  },
  room({ room }) {
    store.takeRoom(room);
    app.acts.arrived(room);
    if (store.current === "") follow();
  },
  message({ message }) {
    if (store.takeMessage(message) && store.synced) app.timeline.heard(message);
  },
  private: ({ room, card }) => app.acts.keep({ room, card }),
  synced: () => store.sync(),
};

const wire = new Wire(`${location.origin.replace("http", "ws")}${document.body.dataset.socket}`, {
  since: () => store.since(),
  receive: (frame) => HANDLERS[frame.t]?.(frame),
  state(name) {
    document.body.dataset.state = name;
    find("#away p").textContent = name === "away" ? "The bot is away, reconnecting…" : "";
    if (name === "online") app.acts.online();
  },
});

/** What the views share: what is known, what one can do, and a few ways into one another. */
const app = {
  store,
  wire,
  show: (next) => app.panel.show(next),
  focus: () => app.composer.focus(),
  sent: () => app.timeline.toBottom(),
  reveal,
};
app.acts = acts(app);
app.sidebar = sidebar(app);
app.timeline = timeline(app);
app.composer = composer(app, find("#compose"), () => ({ room: store.current, label: `Message ${label(store.room())}` }));
app.panel = panel(app);
app.switcher = switcher(app);
toolbar(app);

/** Shows one message where it was said, loading back as far as it takes. */
async function reveal(room, id) {
  const message = await app.acts.reach(room, id);
  if (message === undefined) return;
  enter(room);
  if (message.thread) app.show({ kind: "thread", parent: message.thread });
  app.timeline.reveal(message.thread || id);
}

/** Shows what the address names, #/room or #/room/message; else where one was last, or a channel. */
function follow() {
  const [room, message] = addressed();
  const known = store.rooms.has(room);
  if (known) enter(room);
  else if (store.current === "" && store.rooms.size > 0) enter(first());
  if (known && message) reveal(room, message);
}

function addressed() {
  try {
    return location.hash.slice(2).split("/").map(decodeURIComponent);
  } catch {
    return [];
  }
}

function lastRoom() {
  return memory("localStorage", `tocsin:room:${store.me.id}`);
}

function first() {
  const rooms = [...store.rooms.values()];
  const channel = rooms.find((room) => room.kind === "channel" && !room.archived);
  return (store.room(lastRoom().get()) ?? channel ?? rooms[0]).id;
}

function enter(id) {
  if (store.current === id) return;
  const room = store.room(id);
  if (addressed()[0] !== id) history[location.hash ? "pushState" : "replaceState"](null, "", address(id));
  store.current = id;
  store.editing = "";
  store.mark = room.unread > 0 ? room.read : Infinity;
  room.calls = 0;
  lastRoom().set(id);
  if (store.panel !== null) app.show(null);
  app.sidebar.shut();
  app.composer.enter();
  store.touch("room", "rooms", "log");
}

function outbox() {
  return memory("sessionStorage", `tocsin:outbox:${store.me.id}`);
}

/** What was unanswered when the page was reloaded is said again under its old id, so never twice. */
function sayAgain() {
  const known = new Set(store.echoes.map((echo) => echo.id));
  const kept = JSON.parse(outbox().get() || "[]").filter((echo) => !known.has(echo.id));
  for (const { room, text, thread, id } of kept) app.acts.say(room, text, thread, id);
}

function shortcuts(event) {
  const step = event.altKey ? { ArrowUp: -1, ArrowDown: 1 }[event.key] : undefined;
  if ((event.ctrlKey || event.metaKey) && event.key.toLowerCase() === "k") app.switcher.open();
  else if (step !== undefined) go(step);
  else return;
  event.preventDefault();
}

function go(step) {
  const order = app.sidebar.order();
  const to = order[order.indexOf(store.current) + step];
  if (to !== undefined) app.acts.enter(to);
}

function toggle(kind) {
  app.show(store.panel?.kind === kind ? null : { kind });
}

for (const node of document.querySelectorAll("[data-icon]")) node.prepend(icon(node.dataset.icon));
store.on("outbox", () => {
  const open = store.echoes.filter((echo) => echo.state === "sending");
  outbox().set(open.length > 0 ? JSON.stringify(open) : "");
});
find("#pins").addEventListener("click", () => toggle("pins"));
find("#search").addEventListener("click", () => toggle("search"));
find("#find").addEventListener("click", () => app.switcher.open());
find("#retry").addEventListener("click", () => wire.nudge());
addEventListener("hashchange", follow);
addEventListener("keydown", shortcuts);
startTicking(() => store.touch("log"));
wire.start();
