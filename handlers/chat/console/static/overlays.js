// What lies over the page: a question, a menu, the picker of reactions, and notices of what went wrong.

import { button, find, h } from "./dom.js";
import { icon } from "./icons.js";
import { steer } from "./listbox.js";

const NOTICE = 9_000;
const GAP = 6;
const COLUMNS = 6;

/** Asks; resolves to whether the person said yes. Escape and Cancel are a no. */
export function confirmed(question, yes, style) {
  const dialog = find("#confirm");
  find("#question").textContent = question;
  find("#yes").textContent = yes;
  find("#yes").className = style === "danger" ? "danger" : "primary";
  dialog.returnValue = "";
  dialog.showModal();
  return new Promise((resolve) => {
    dialog.addEventListener("close", () => resolve(dialog.returnValue === "yes"), { once: true });
  });
}

/** Says what went wrong, in a corner, for a while or until it is closed. */
export function notice(text) {
  const gone = () => node.remove();
  const node = h("div.card.notice", null, h("p", null, text), button("quiet", icon("close"), gone, { label: "Close" }));
  find("#notices").append(node);
  setTimeout(gone, NOTICE);
}

/** Opens a menu of [{icon, words, act, spec?}] at `anchor`. */
export function openMenu(anchor, items) {
  hang(anchor, "menu", items.map((item) => ({ ...item, face: [icon(item.icon), item.words] })), 1);
}

/** Opens the picker of reactions, [{face, words, act}], at `anchor`. */
export function openPicker(anchor, items) {
  hang(anchor, "picker", items.map((item) => ({ ...item, label: item.words })), COLUMNS);
}

/** Hangs a list of buttons from another; that a click elsewhere shuts it is the browser's doing. */
function hang(anchor, look, items, columns) {
  const node = h(`div.${look}`, { role: "menu", popover: "auto" });
  for (const { spec, face, act, label } of items) {
    const chosen = () => {
      node.hidePopover();
      act();
    };
    node.append(button(spec ?? "item", face, chosen, { role: "menuitem", label }));
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
