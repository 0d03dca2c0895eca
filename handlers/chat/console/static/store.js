// What this browser knows: people, rooms, messages, and what only this person sees. No page, no socket.

import { Log } from "./log.js";
import { mentions } from "./text.js";

export class Store {
  me = { id: "", name: "", timezone: "", admin: false };
  command = "/incident";
  reactions = {};
  people = new Map();
  rooms = new Map();
  current = "";
  /** The side panel: null, or {kind: "thread", parent}, {kind: "pins"} or {kind: "search"}. */
  panel = null;
  editing = "";
  /** Where "new" began when the current room was opened, as a seq. */
  mark = 0;
  /** Messages on their way, {id, room, thread, text, state, error}. */
  echoes = [];
  /** Cards that only this person sees, {id, room, thread, card, typed, after}. */
  privates = [];
  synced = false;
  /** How many rooms there are beyond those known, by kind, until the server has told of all of them. */
  rest = {};
  #logs = new Map();
  #since = new Map();
  #resumed = new Map();
  #listeners = {};

  on(listener, ...topics) {
    for (const topic of topics) (this.#listeners[topic] ??= []).push(listener);
  }

  /** Tells those who listen that something changed: "me", "rooms", "room" or "log". */
  touch(...topics) {
    for (const topic of topics) for (const listener of this.#listeners[topic] ?? []) listener();
  }

  log(room) {
    if (!this.#logs.has(room)) this.#logs.set(room, new Log());
    return this.#logs.get(room);
  }

  room(id = this.current) {
    return this.rooms.get(id);
  }

  /** Whether every room is known. */
  get whole() {
    return Object.values(this.rest).every((count) => count === 0);
  }

  /**
   * What `hello` asks from: by room, the highest `changed` below which nothing is unseen. A page of
   * history may be ahead of the stream, and a resumption that broke off has holes: neither moves it.
   */
  since() {
    this.#resumed.clear();
    this.synced = false;
    return Object.fromEntries(this.#since);
  }

  /** What the server says first; what comes with the page has only some rooms, and a `page` of one. */
  welcome({ me, command, reactions, people, rooms, rest = {}, page }) {
    Object.assign(this, { me, command, reactions, rest });
    for (const person of people) this.people.set(person.id, person);
    for (const room of rooms) this.takeRoom(room);
    if (this.rooms.has(page?.room)) this.log(page.room).page(page.messages, page.more);
    this.touch("me", "rooms", "log");
  }

  takeRoom(room) {
    const had = this.rooms.get(room.id);
    const read = Math.max(room.read ?? 0, had?.read ?? 0);
    const seq = Math.max(room.seq, had?.seq ?? 0);
    const unread = read >= seq ? 0 : (room.unread ?? seq - read);
    const calls = read >= seq ? 0 : (room.mentions ?? had?.calls ?? 0);
    // A direct conversation is called after the other one in it; only the bot is no person.
    const name = room.kind === "direct" ? (this.people.get(room.with)?.name ?? "Tocsin") : room.name;
    this.rooms.set(room.id, { ...room, name, read, seq, unread, calls });
    if (!this.#since.has(room.id)) this.#since.set(room.id, room.changed);
    this.touch("rooms", "room");
  }

  /** Takes in a message of the live stream; answers whether it is news to this person. */
  takeMessage(message) {
    const seen = this.synced ? this.#since : this.#resumed;
    seen.set(message.room, Math.max(message.changed, seen.get(message.room) ?? 0));
    const taken = this.log(message.room).take(message);
    if (taken !== "") this.touch("log");
    if (taken !== "new") return false;
    const mine = message.author.id === this.me.id;
    if (mine) this.#dropEcho(message);
    return this.#count(message, mine);
  }

  sync() {
    for (const [room, changed] of this.#resumed) this.#since.set(room, Math.max(changed, this.#since.get(room) ?? 0));
    this.synced = true;
  }

  #count(message, mine) {
    const room = this.rooms.get(message.room);
    if (room === undefined || message.deleted || message.seq <= room.read) return false;
    const fresh = message.seq > room.seq;
    if (mine && room.unread === 0) room.read = message.seq;
    if (!mine && fresh) room.unread += 1;
    // What the server has counted already is not counted again.
    if (!mine && (fresh || room.mentions === undefined) && mentions(message, this.me)) room.calls += 1;
    room.seq = Math.max(room.seq, message.seq);
    this.touch("rooms");
    return !mine;
  }

  read(id, seq) {
    const room = this.rooms.get(id);
    room.read = Math.max(room.read, seq);
    room.unread = room.calls = 0;
    this.touch("rooms");
  }

  /** How loudly a room calls by name: in a direct conversation everything does. */
  calls(room) {
    return room.kind === "direct" ? Math.max(room.unread, room.calls) : room.calls;
  }

  unread() {
    return [...this.rooms.values()].reduce((sum, room) => sum + Math.max(room.unread, room.calls), 0);
  }

  /** Shows a message of this person's that the server has not answered yet. */
  echo(echo) {
    this.echoes = [...this.echoes.filter((other) => other.id !== echo.id), echo];
    this.touch("log");
  }

  unecho(id) {
    this.echoes = this.echoes.filter((echo) => echo.id !== id);
    this.touch("log");
  }

  #dropEcho({ id, room, text }) {
    const same = (echo) => echo.room === room && echo.text.trim() === text?.trim();
    const echo = this.echoes.find((one) => one.message === id) ?? this.echoes.find(same);
    if (echo !== undefined) this.unecho(echo.id);
  }

  /** Puts a private card after the last message of its room, or in the place of the one of its id. */
  private(entry) {
    const room = this.room(entry.room);
    const had = this.privates.find((other) => other.id === entry.id);
    const made = { after: room?.seq ?? Infinity, ...had, ...entry };
    this.privates = [...this.privates.filter((other) => other !== had), made].sort((one, two) => one.after - two.after);
    if (room !== undefined && entry.room !== this.current) room.calls += 1;
    this.touch("log", "rooms");
  }

  dismiss(id) {
    this.privates = this.privates.filter((entry) => entry.id !== id);
    this.touch("log");
  }
}
