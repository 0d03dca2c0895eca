// The rooms at the side, war rooms first, and the head of the room that is open.

import { anchor, button, coalesced, find, h, hidden, reconcile } from "./dom.js";
import { icon } from "./icons.js";
import { avatar } from "./message.js";
import { address } from "./text.js";

const SHOWN = 25;
const SECTIONS = { war: "War rooms", channel: "Channels", direct: "Direct messages", archived: "Archived" };

/** Answers `shut`, for the drawer that it is on a narrow page. */
export function sidebar({ store }) {
  const unfolded = new Set();
  const draw = coalesced(drawRooms);

  function drawRooms() {
    find("#me").textContent = store.me.name;
    const kinds = Object.groupBy(store.rooms.values(), (room) => (room.archived ? "archived" : room.kind));
    reconcile(find("#rooms"), Object.keys(SECTIONS).flatMap((kind) => section(kind, kinds[kind] ?? [])));
    const unread = store.unread();
    find("#menu").classList.toggle("unread", unread > 0);
    const count = unread > 0 ? `(${shortened(unread)}) ` : "";
    document.title = `${count}${store.room() ? `${label(store.room())} · ` : ""}Tocsin`;
  }

  function section(kind, rooms) {
    if (rooms.length + (store.rest[kind] ?? 0) === 0) return [];
    const order = kind === "war" ? (one, two) => byName(two, one) : byName;
    const shown = unfolded.has(kind) ? rooms : some(kind, rooms, order);
    const head = { key: kind, sig: "", make: () => h("h2", null, SECTIONS[kind]) };
    const items = shown.sort(order).map(item);
    return [head, ...items, ...more(kind, rooms.length - shown.length + (store.rest[kind] ?? 0))];
  }

  /** Of very many rooms those that call, and the first of the others; of the archived the open one. */
  function some(kind, rooms, order) {
    if (kind === "archived") return rooms.filter((room) => room.id === store.current);
    if (rooms.length <= SHOWN) return rooms;
    const loud = (room) => (room.id === store.current) * 4 + (store.calls(room) > 0) * 2 + (room.unread > 0);
    return rooms.sort((one, two) => loud(two) - loud(one) || order(one, two)).slice(0, SHOWN);
  }

  function more(kind, left) {
    const words = kind === "archived" ? `Show ${left} archived` : `Show ${left} more`;
    const unfold = () => {
      unfolded.add(kind);
      draw();
    };
    return left > 0 ? [{ key: `${kind}-more`, sig: words, make: () => button("rest", words, unfold) }] : [];
  }

  function item(room) {
    const here = room.id === store.current;
    const calls = store.calls(room);
    const loud = calls > 0 || room.unread > 0;
    const data = { room: room.id, key: room.id };
    const props = { href: address(room.id), title: label(room), "aria-current": here && "page", data };
    const name = () => h("span.name", { dir: "auto" }, room.name);
    const make = () => h(loud ? "a.room.unread" : "a.room", props, roomIcon(room, store), name(), badge(room, calls));
    return { key: `room-${room.id}`, sig: [room.name, room.unread, calls, here, room.private].join(), make };
  }

  function badge(room, calls) {
    if (calls > 0) return h("span.count.calls", null, shortened(calls), hidden(" for you"));
    return room.unread > 0 && h("span.count", null, shortened(room.unread), hidden(" unread"));
  }

  function drawHead() {
    const room = store.room();
    if (room === undefined) return;
    find("#room-icon").replaceChildren(roomIcon(room, store));
    find("#room-name").textContent = room.name;
    find("#room-topic").textContent = find("#room-topic").title = room.topic ?? "";
    const marks = (room.bookmarks ?? []).map((mark) => anchor(mark.title, mark.url, "a.bookmark"));
    find("#bookmarks").replaceChildren(...marks);
    find("#bookmarks").hidden = marks.length === 0;
    find("#pins span").textContent = store.log(room.id).pinned().length || "";
    find("#compose").hidden = room.archived;
    find("#archived").hidden = !room.archived;
  }

  function drawer(state) {
    document.body.dataset.drawer = state;
    find("#menu").ariaExpanded = String(state === "open");
    find("#main").inert = state === "open";
  }

  function shut() {
    if (document.body.dataset.drawer !== "open") return;
    drawer("");
    find("#menu").focus();
  }

  store.on(draw, "rooms");
  store.on(coalesced(drawHead), "room", "log");
  find("#rooms").addEventListener("click", ({ target }) => target.closest("a") && shut());
  find("#scrim").addEventListener("click", shut);
  find("#sidebar").addEventListener("keydown", (event) => event.key === "Escape" && shut());
  find("#menu").addEventListener("click", () => {
    drawer("open");
    find("#rooms a[aria-current]")?.focus();
  });
  return { shut };
}

function shortened(count) {
  return count > 99 ? "99+" : String(count);
}

export function roomIcon(room, store) {
  const { kind, name, with: id } = room;
  if (kind === "direct") return avatar({ id, name, bot: !store.people.has(id) });
  if (room.private) return icon("lock");
  return icon(kind === "war" ? "siren" : "hash");
}

export function label(room) {
  return room.kind === "direct" ? room.name : `#${room.name}`;
}

/** inc-9 before inc-10, é as e. Not by Intl's collator: it takes 25 ms to make, and the rooms wait for it. */
export function byName(one, two) {
  const [left, right] = [parts(one.name), parts(two.name)];
  const at = left.findIndex((part, nth) => part !== right[nth]);
  if (at === -1) return left.length - right.length;
  return right[at] === undefined || left[at] > right[at] ? 1 : -1;
}

const known = new Map();

/** Words and numbers in turn. */
function parts(name) {
  if (!known.has(name)) {
    const plain = name.normalize("NFD").replace(/\p{M}/gu, "").toLowerCase();
    known.set(name, plain.split(/(\d+)/).map((part, at) => (at % 2 === 1 ? Number(part) : part)));
  }
  return known.get(name);
}
