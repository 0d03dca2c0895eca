// Where messages are written: drafts, completion, sending, and reaching back to the last one.

import { completion } from "./complete.js";
import { find, memory } from "./dom.js";
import { uploads } from "./uploads.js";

const TALLEST = 240;

/** The composer of `form`; its `enter` takes up `place()`, {room, thread, label}, with the draft left there. */
export function composer({ store, acts, sent }, form, place) {
  const box = find("textarea", form);
  const ask = (text, cursor) => (text.startsWith("/") ? acts.complete(at.room, text, cursor) : named(store, text, cursor));
  const suggestions = completion(box, ask);
  let at = null;
  const files = uploads(form, () => at);

  const draft = () => memory(`draft:${store.me.id}:${at.room}:${at.thread ?? ""}`);

  function enter() {
    files.clear();
    at = place();
    box.value = draft().get();
    box.placeholder = box.ariaLabel = at.label;
    suggestions.close();
    fit();
    focus();
  }

  function focus() {
    if (!touch()) box.focus();
  }

  function fit() {
    box.style.height = "";
    if (box.value !== "") box.style.height = `${Math.min(box.scrollHeight + 2, TALLEST)}px`;
    form.classList.toggle("filled", box.value.trim() !== "" || files.any());
  }

  function typed() {
    if (at !== null) draft().set(box.value);
    fit();
  }

  function send() {
    const text = box.value.trim();
    if ((text === "" && !files.any()) || at === null) return;
    suggestions.close();
    box.value = "";
    typed();
    if (!at.thread) sent();
    acts.say(at.room, text, at.thread, files.any() ? files.take() : null);
  }

  function editLast() {
    const log = store.log(at.room);
    const messages = at.thread ? log.replies(at.thread) : log.top();
    const own = messages.findLast((one) => one.author.id === store.me.id && one.text && !one.deleted);
    if (own !== undefined) store.editing = own.id;
    store.touch("log");
    return own !== undefined;
  }

  box.addEventListener("input", typed);
  form.addEventListener("files", fit);
  box.addEventListener("keydown", (event) => {
    if (event.isComposing || suggestions.key(event)) return;
    const sends = event.key === "Enter" && !event.shiftKey && !touch();
    const edits = event.key === "ArrowUp" && box.value === "" && at !== null && editLast();
    if (sends) send();
    if (sends || edits) event.preventDefault();
  });
  form.addEventListener("submit", (event) => {
    event.preventDefault();
    send();
  });
  return { enter, focus };
}

/** Whom or which room the word at the caret may mean: known here, so nobody is asked. */
function named(store, text, cursor) {
  const [word] = /[@#][^\s@#]*$/.exec(text.slice(0, cursor)) ?? [""];
  const part = word.slice(1).toLowerCase();
  const people = [...store.people.values()].map(({ id, name }) => ({ name, words: `${id} ${name}`, insert: `@${name}`, label: name, detail: id }));
  const rooms = [...store.rooms.values()].filter((room) => room.kind !== "direct" && !room.archived);
  const named = rooms.map(({ name, topic }) => ({ name, words: name, insert: `#${name}`, label: `#${name}`, detail: topic }));
  const wanted = ({ words }) => part === "" || words.toLowerCase().split(/[\s-]+/).some((one) => one.startsWith(part)) || words.toLowerCase().startsWith(part);
  const items = (word[0] === "@" ? people : named).filter(wanted).sort((one, two) => one.name.localeCompare(two.name));
  return { from: cursor - word.length, to: cursor, items: items.slice(0, 12) };
}

/** On a touch screen Enter is a new line, and focus would raise the keyboard. */
function touch() {
  return matchMedia("(pointer: coarse)").matches;
}
