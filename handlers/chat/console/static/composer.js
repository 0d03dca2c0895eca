// Where messages are written: drafts, completion, sending, and reaching back to the last one.

import { completion } from "./complete.js";
import { find, memory } from "./dom.js";

const TALLEST = 240;

/** The composer of `form`; its `enter` takes up `place()`, {room, thread, label}, with the draft left there. */
export function composer({ store, acts, sent }, form, place) {
  const box = find("textarea", form);
  const suggestions = completion(box, (text, cursor) => acts.complete(at.room, text, cursor));
  let at = null;

  const draft = () => memory(`draft:${store.me.id}:${at.room}:${at.thread ?? ""}`);

  function enter() {
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
    form.classList.toggle("filled", box.value.trim() !== "");
  }

  function typed() {
    if (at !== null) draft().set(box.value);
    fit();
  }

  function send() {
    const text = box.value.trim();
    if (text === "" || at === null) return;
    suggestions.close();
    box.value = "";
    typed();
    if (!at.thread) sent();
    acts.say(at.room, text, at.thread);
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

/** On a touch screen Enter is a new line, and focus would raise the keyboard. */
function touch() {
  return matchMedia("(pointer: coarse)").matches;
}
