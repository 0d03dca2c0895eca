// Questions asked before something is done, and short notices of what went wrong.

import { button, find, h } from "./dom.js";
import { icon } from "./icons.js";

const NOTICE = 9_000;

/** Asks; resolves to whether the person said yes. Escape and Cancel are a no. */
export function confirmed(question, yes, style = "primary") {
  const ok = h(`button.${style === "danger" ? "danger" : "primary"}`, { value: "yes" }, yes);
  const cancel = h("button.plain", { value: "" }, "Cancel");
  const text = h("p", { id: "question", dir: "auto" }, question);
  const form = h("form", { method: "dialog" }, text, h("div.buttons", null, ok, cancel));
  const dialog = h("dialog.confirm", { "aria-labelledby": "question", role: "alertdialog" }, form);
  return new Promise((resolve) => {
    dialog.addEventListener("close", () => {
      dialog.remove();
      resolve(dialog.returnValue === "yes");
    });
    document.body.append(dialog);
    dialog.showModal();
  });
}

/** Says what went wrong, in a corner, for a while or until it is closed. */
export function notice(text) {
  const gone = () => node.remove();
  const node = h("div.notice", null, h("p", null, text), button("quiet", icon("close"), gone, { label: "Close" }));
  find("#notices").append(node);
  setTimeout(gone, NOTICE);
}
