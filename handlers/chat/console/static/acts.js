// What a person can do, as requests: every view acts through here.

import { announce } from "./dom.js";
import { notice } from "./overlays.js";
import { openForm } from "./forms.js";
import { address } from "./text.js";
import { newId, Refusal } from "./wire.js";

const PAGE = 60;
const JUMP_PAGES = 60;

export function acts(app) {
  const { store, wire } = app;
  const unsentReads = new Map();
  /** A room that is to be shown once it is known, and the private card that goes along. */
  let wanted = {};

  /** The answer, or null after telling the person why there is none. */
  async function attempt(frame) {
    try {
      return await wire.request(frame);
    } catch (error) {
      if (!(error instanceof Refusal)) throw error;
      notice(error.message);
      return null;
    }
  }

  const quietly = (frame) => wire.request(frame).catch(() => null);

  /** Does something to a message; what captures it may have something to say. */
  async function on({ id, room }, t, more) {
    const answer = await attempt({ t, room, message: id, ...more });
    if (answer?.card) keep({ room, card: answer.card });
  }

  /** Says `text`; it shows at once, and stays until the server has answered for it. */
  async function say(room, text, thread = null, arriving = null) {
    const id = newId();
    const echo = { id, room, text, thread, state: "sending", error: "" };
    store.echo(echo);
    try {
      const files = (await arriving) ?? [];
      const more = { ...(thread && { thread }), ...(files.length > 0 && { files }) };
      if (text === "" && files.length === 0) return store.unecho(id);
      said(echo, await wire.request({ t: "say", id, room, text, ...more }));
    } catch (error) {
      if (!(error instanceof Refusal)) throw error;
      store.echo({ ...echo, state: "failed", error: error.message });
    }
    return undefined;
  }

  function said(echo, answer) {
    const shown = store.echoes.some((other) => other.id === echo.id);
    const arrived = store.log(echo.room).get(answer.message) !== undefined;
    if (shown && !arrived && answer.t === "ack") store.echo({ ...echo, state: "sent", message: answer.message });
    else store.unecho(echo.id);
    if (answer.t === "reply") reply(answer, { ...echo, typed: echo.text });
  }

  function reply({ card, form, go, room }, { id, thread, typed }) {
    const place = store.rooms.has(go) ? go : room;
    if (card) keep({ id, room: place, thread: place === room ? thread : null, typed, card });
    if (form) openForm(app, room, form);
    if (go) enter(go, card && id);
  }

  function keep(entry) {
    store.private({ id: newId(), ...entry });
    announce(`Only you see this: ${entry.card.title || "a reply"}`);
  }

  /** Presses a button of a kept message, or of a private card (`from`), which the answer replaces. */
  async function press(command, node, { room, message = null, thread = null, from }) {
    node.ariaDisabled = "true";
    const answer = await attempt({ t: "press", room, message, command });
    node.ariaDisabled = null;
    if (answer?.card && !from && !thread) app.sent();
    if (answer !== null) reply(answer, { id: from ?? newId(), thread });
  }

  /** Sends a form's answers; rejects with a `Refusal` for the form to show. */
  async function submit(room, command, values) {
    reply(await wire.request({ t: "submit", room, command, values }), { id: newId() });
    app.sent();
  }

  function toggle(message, name) {
    const mine = message.reactions.some((one) => one.name === name && one.people.includes(store.me.id));
    return on(message, "react", { name, op: mine ? "remove" : "add" });
  }

  /** Loads one page of older messages; calls while one is under way share it. */
  function older(room) {
    const log = store.log(room);
    log.loading ??= page(room, log).finally(() => {
      log.loading = null;
      store.touch("log");
    });
    return log.loading;
  }

  async function page(room, log) {
    const before = log.loaded ? log.floor : store.room(room).seq + 1;
    const answer = await attempt({ t: "history", room, before, limit: PAGE });
    log.page(answer?.messages ?? [], answer?.more);
  }

  /** Loads back as far as a message and answers it, or undefined when there is no such message. */
  async function reach(room, id) {
    const log = store.log(room);
    const known = () => log.get(id)?.seq >= log.floor;
    for (let pages = 0; pages < JUMP_PAGES && log.more && !known(); pages += 1) await older(room);
    return known() ? log.get(id) : undefined;
  }

  /** Shows a room; one that is not known yet is shown as soon as it comes, with `card` moved there. */
  function enter(room, card) {
    if (store.rooms.has(room)) location.hash = address(room);
    else wanted = { room, card };
  }

  function arrived({ id, seq }) {
    if (wanted.room !== id) return;
    const card = store.privates.find((entry) => entry.id === wanted.card);
    wanted = {};
    enter(id);
    if (card !== undefined) store.private({ ...card, room: id, thread: null, after: seq });
  }

  async function open(person) {
    const answer = await attempt({ t: "open", person });
    if (answer !== null) enter(answer.room);
  }

  /** Marks everything up to `seq` as read; what cannot be sent now is sent when the bot is back. */
  function read(room, seq) {
    if (store.room(room).read >= seq) return;
    store.read(room, seq);
    if (!wire.tell({ t: "read", room, seq })) unsentReads.set(room, seq);
  }

  function online() {
    for (const [room, seq] of unsentReads) wire.tell({ t: "read", room, seq });
    unsentReads.clear();
  }

  return {
    ...{ say, reply, press, submit, toggle, older, reach, enter, arrived, open, read, online },
    pin: (message) => on(message, "pin", { op: message.pinned ? "remove" : "add" }),
    edit: (message, text) => on(message, "edit", { text }),
    remove: (message) => on(message, "delete"),
    search: (text, room, before) => attempt({ t: "search", text, ...(room && { room }), ...(before && { before }) }),
    thread: (room, parent) => quietly({ t: "thread", room, parent }),
    pins: (room) => quietly({ t: "pins", room }),
    complete: (room, text, cursor) => quietly({ t: "complete", room, text, cursor }),
  };
}
