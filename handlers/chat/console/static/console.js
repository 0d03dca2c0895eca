// The console's start: it joins the socket, what is known, and the views, and follows the address.

import { acts } from "./acts.js";
import { composer } from "./composer.js";
import { afterFrame, drawNow, find } from "./dom.js";
import { help, keys } from "./keys.js";
import { panel } from "./panel.js";
import { label, sidebar } from "./sidebar.js";
import { Store } from "./store.js";
import { switcher } from "./switcher.js";
import { address } from "./text.js";
import { startTicking, useZone } from "./time.js";
import { timeline } from "./timeline.js";
import { toolbar } from "./toolbar.js";
import { newId, Wire } from "./wire.js";

const store = new Store();
// What came with the page is on the first frame. Whatever waits for another process (cookies, drafts,
// the caret, the socket) does not hold it up.
const sent = JSON.parse(find("#first").textContent);
let later = afterFrame;

const HANDLERS = {
  welcome(frame) {
    if (store.me.id !== "" && store.me.id !== frame.me.id) location.reload();
    useZone(frame.me.timezone);
    store.welcome(frame);
    if (store.current === "") follow();
  },
  room({ room }) {
    store.takeRoom(room);
    app.acts.arrived(room);
    if (store.current === "") follow();
  },
  message({ message }) {
    if (store.takeMessage(message) && store.synced) list.heard(message);
  },
  private: (frame) => app.acts.reply(frame, { id: newId() }),
  synced: () => store.sync(),
};

const wire = new Wire(`${location.origin.replace("http", "ws")}${document.body.dataset.socket}`, {
  since: () => store.since(),
  receive: (frame) => HANDLERS[frame.t]?.(frame),
  state(name) {
    document.body.dataset.state = name;
    find("#away p").textContent = name === "away" ? "Connection lost. Reconnecting…" : "";
    if (name === "online") app.acts.online();
  },
});

/** What the views share: what is known, what one can do, and a few ways into one another. */
const app = {
  store,
  wire,
  reveal,
  show: (next) => show(next),
  focus: () => writer.focus(),
  sent: () => list.toBottom(),
};
app.acts = acts(app);
const rooms = sidebar(app);
const list = timeline(app);
const here = () => ({ room: store.current, label: `Message ${label(store.room())}` });
const writer = composer(app, find("#compose"), here);
const { show } = panel(app);
const { open } = switcher(app);
toolbar(app);

/** Shows one message where it was said, loading back as far as it takes. */
async function reveal(room, id) {
  const message = await app.acts.reach(room, id);
  if (message === undefined) return;
  enter(room);
  if (message.thread) show({ kind: "thread", parent: message.thread });
  list.reveal(message.thread || id);
}

/** Shows what the address names, #/room or #/room/message; else where one was last, or a channel. */
function follow() {
  // "from" is what the log-in adds when one comes from another site.
  if (location.search !== "") history.replaceState(null, "", location.pathname + location.hash);
  const [room, message] = addressed();
  const known = store.rooms.has(room);
  if (known) enter(room);
  else if (room && !store.whole) return;
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

/** A cookie, so that the server knows what to send with the page. */
function lastRoom() {
  return /(?:^|; )tocsin-room=([\w-]+)/.exec(document.cookie)?.[1];
}

function first() {
  const all = [...store.rooms.values()];
  const channel = all.find((room) => room.kind === "channel" && !room.archived);
  return (store.room(sent?.page.room || lastRoom()) ?? channel ?? all[0]).id;
}

function enter(id) {
  if (store.current === id) return;
  const room = store.room(id);
  if (addressed()[0] !== id) history[location.hash ? "pushState" : "replaceState"](null, "", address(id));
  store.current = id;
  store.editing = "";
  store.mark = room.unread > 0 && room.read > 0 ? room.read : Infinity;
  room.calls = 0;
  if (store.panel !== null) show(null);
  rooms.shut();
  later(settle);
  store.touch("room", "rooms", "log");
}

function settle() {
  writer.enter();
  document.cookie = `tocsin-room=${store.current}; Path=/; SameSite=Strict; Max-Age=31536000`;
}

/** The browser asks before it closes a page with messages that have not reached the bot. */
function leaving(event) {
  if (store.echoes.some((echo) => echo.state === "sending")) event.preventDefault();
}

/** The room before or after this one, as they stand at the side; `loud` takes those with something new. */
function step(by, loud) {
  const shown = [...document.querySelectorAll("#rooms [data-room]")].map((node) => node.dataset.room);
  const to = loud ? shown.filter((id) => id === store.current || store.room(id).unread > 0 || store.room(id).calls > 0) : shown;
  const next = to.at((to.indexOf(store.current) + by) % to.length);
  if (next !== undefined) enter(next);
}

function toggle(kind) {
  show(store.panel?.kind === kind ? null : { kind });
}

const clicks = { pins: () => toggle("pins"), search: () => toggle("search"), find: open, help, retry: () => wire.nudge() };
const attach = () => find(store.panel?.kind === "thread" ? "#thread .attach" : "#compose .attach").click();
for (const [id, act] of Object.entries(clicks)) find(`#${id}`).addEventListener("click", act);
addEventListener("hashchange", follow);
keys({
  "ctrl k": open,
  "ctrl shift f": clicks.search,
  "ctrl shift p": clicks.pins,
  "ctrl u": attach,
  "ctrl /": help,
  "alt arrowup": () => step(-1),
  "alt arrowdown": () => step(1),
  "alt shift arrowup": () => step(-1, true),
  "alt shift arrowdown": () => step(1, true),
});
addEventListener("beforeunload", leaving);
startTicking(() => store.touch("log"));
if (sent !== null) HANDLERS.welcome(sent);
drawNow();
later = (work) => work();
afterFrame(() => wire.start());
