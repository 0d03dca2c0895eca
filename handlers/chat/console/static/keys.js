// Keys that work everywhere in the page, and the list of them.

import { button, find, h } from "./dom.js";
import { icon } from "./icons.js";

const MAC = /Mac|iPhone|iPad/.test(navigator.platform);

/** What there is: [keys, words]. The first element of each is what is shown. */
const LIST = [
  ["Ctrl K", "Go to a room or a person"],
  ["Ctrl Shift F", "Search messages"],
  ["Alt ↑ / Alt ↓", "The room before, the room after"],
  ["Alt Shift ↑ / ↓", "The same, among those with something new"],
  ["Ctrl Shift P", "Pinned messages"],
  ["Ctrl U", "Add files"],
  ["↑ in an empty box", "Edit what you said last"],
  ["Shift Tab, ↑ ↓", "From the box to the messages, and among them"],
  ["R T P E ⌫", "On a message: react, thread, pin, edit, delete"],
  ["Esc", "Close what is open"],
  ["Ctrl /", "This list"],
];

/** Wires the keys; `acts` has one function for each. */
export function keys(acts) {
  addEventListener("keydown", (event) => {
    const act = acts[pressed(event)];
    if (act === undefined || document.querySelector("dialog[open]") !== null) return;
    event.preventDefault();
    act();
  });
}

function pressed({ key, ctrlKey, metaKey, altKey, shiftKey }) {
  const ctrl = ctrlKey || metaKey;
  return [ctrl && "ctrl", altKey && "alt", shiftKey && "shift", key.toLowerCase()].filter(Boolean).join(" ");
}

export function help() {
  const dialog = h("dialog.form", { "aria-labelledby": "keys-title" });
  const close = button("quiet", icon("close"), () => dialog.close(), { label: "Close" });
  const shown = (text) => (MAC ? text.replaceAll("Ctrl", "⌘").replaceAll("Alt", "⌥") : text);
  const rows = LIST.map(([combo, words]) => h("div", null, h("dt", null, h("kbd", null, shown(combo))), h("dd", null, words)));
  dialog.append(
    h("header", null, h("h2", { id: "keys-title" }, "Keys"), close),
    h("dl.shortcuts", null, rows),
  );
  dialog.addEventListener("close", () => dialog.remove());
  document.body.append(dialog);
  dialog.showModal();
  find(".quiet", dialog).focus();
}
