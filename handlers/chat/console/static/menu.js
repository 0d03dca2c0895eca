// What hangs from a button: a menu, or the picker of reactions. Light dismissal is the browser's.

import { button, find, h } from "./dom.js";
import { icon } from "./icons.js";
import { steer } from "./listbox.js";

const GAP = 6;
const COLUMNS = 6;

/** Opens a menu of [{icon, words, act, danger?}] at `anchor`. */
export function openMenu(anchor, items) {
  const entries = items.map((item) => ({ ...item, face: [icon(item.icon), item.words], spec: item.danger ? "bad" : "item" }));
  hang(anchor, h("div.menu", { role: "menu", popover: "auto" }), entries, 1);
}

/** Opens the picker of reactions, [{face, words, act}], at `anchor`. */
export function openPicker(anchor, items) {
  const entries = items.map((item) => ({ ...item, spec: "item", label: item.words }));
  hang(anchor, h("div.picker", { role: "menu", popover: "auto", "aria-label": "Reactions" }), entries, COLUMNS);
}

function hang(anchor, node, entries, columns) {
  for (const { spec, face, act, label } of entries) {
    const chosen = () => {
      node.hidePopover();
      act();
    };
    node.append(button(spec, face, chosen, { role: "menuitem", label }));
  }
  node.addEventListener("keydown", (event) => steer(event, [...node.children], columns));
  node.addEventListener("toggle", ({ newState }) => {
    if (newState === "open") return;
    if (find(":focus") === null || node.contains(find(":focus"))) anchor.focus();
    node.remove();
  });
  document.body.append(node);
  node.showPopover();
  place(node, anchor.getBoundingClientRect());
  node.firstChild.focus();
}

/** Below the button, or above it where there is no room; never outside the window. */
function place(node, at) {
  const { offsetWidth: width, offsetHeight: height } = node;
  const below = at.bottom + GAP + height <= innerHeight;
  node.style.top = `${below ? at.bottom + GAP : Math.max(GAP, at.top - GAP - height)}px`;
  node.style.left = `${Math.max(GAP, Math.min(at.right - width, innerWidth - width - GAP))}px`;
}
