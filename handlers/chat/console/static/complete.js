// Completion at the caret of a text box: commands, people and services, as the server knows them.

import { announce, h } from "./dom.js";
import { listbox } from "./listbox.js";

const PAUSE = 60;

/** Completes in `box` by `ask(text, cursor)`. Answers `close`, and `key`: whether a key was for the list. */
export function completion(box, ask) {
  const id = `${box.id}-choices`;
  const list = h("div.choices", { id, role: "listbox", "aria-label": "Suggestions", hidden: true });
  const choices = listbox(box, list, accept);
  let answer = null;
  let timer = 0;
  box.before(list);
  box.ariaAutoComplete = "list";
  box.addEventListener("blur", close);
  box.addEventListener("input", () => {
    clearTimeout(timer);
    if (context(box) === "") close();
    else timer = setTimeout(fetch, PAUSE);
  });

  async function fetch() {
    const { value, selectionStart } = box;
    const fresh = await ask(value, selectionStart);
    if (value !== box.value || box !== document.activeElement) return;
    const typed = value.slice(fresh?.from, fresh?.to);
    const items = (fresh?.items ?? []).filter((item) => item.insert.trim() !== typed);
    if (items.length === 0) close();
    else open({ ...fresh, items });
  }

  function open(fresh) {
    if (answer === null) announce(`${fresh.items.length} suggestions`);
    answer = fresh;
    list.hidden = false;
    box.role = "combobox";
    box.ariaExpanded = "true";
    box.setAttribute("aria-controls", id);
    // Enter sends a command as it stands; a name half typed is meant to be completed.
    const first = context(box) === "command" ? -1 : 0;
    choices.fill(fresh.items.map((item) => ({ ...item, words: item.label })), first);
  }

  function close() {
    clearTimeout(timer);
    answer = null;
    list.hidden = true;
    choices.fill([], -1);
    for (const name of ["role", "aria-expanded", "aria-controls"]) box.removeAttribute(name);
  }

  function accept({ insert }) {
    const { from, to } = answer;
    const spaced = /\s$/.test(insert) || /^\s/.test(box.value.slice(to));
    close();
    box.setRangeText(spaced ? insert : `${insert} `, from, to, "end");
    box.dispatchEvent(new Event("input"));
  }

  function key(event) {
    if (answer === null) return false;
    const taken = event.key === "Escape" || choices.key(event);
    if (event.key === "Escape") close();
    if (taken) event.preventDefault();
    return taken;
  }

  return { key, close };
}

/** What is being typed at the caret: a "command", a "name" (after @ or #), or "". */
function context(box) {
  const before = box.value.slice(0, box.selectionStart);
  if (/(?:^|\s)[@#][^\s@#]*$/.test(before)) return "name";
  return before.startsWith("/") && !before.includes("\n") ? "command" : "";
}
