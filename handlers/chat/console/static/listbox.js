// A list of choices of a text box that keeps the focus (ARIA's combobox).

import { find, h } from "./dom.js";

/**
 * Keeps `list` as the listbox of `box`. Items are {words, detail, face?}; `choose` gets the one taken;
 * `key` answers whether a key was for the list.
 */
export function listbox(box, list, choose) {
  let items = [];
  let active = -1;

  function select(at) {
    active = at;
    for (const [place, node] of [...list.children].entries()) node.ariaSelected = String(place === at);
    const node = list.children[at];
    node?.scrollIntoView({ block: "nearest" });
    if (node === undefined) box.removeAttribute("aria-activedescendant");
    else box.setAttribute("aria-activedescendant", node.id);
  }

  function option({ face, words, detail }, at) {
    const more = detail && h("span.detail", { dir: "auto" }, detail);
    return h("div.choice", { role: "option", id: `${list.id}-${at}` }, face, h("b", { dir: "auto" }, words), more);
  }

  // A press of the mouse would take the focus from the box.
  list.addEventListener("pointerdown", (event) => event.preventDefault());
  list.addEventListener("click", (event) => {
    const at = [...list.children].indexOf(event.target.closest(".choice"));
    if (at !== -1) choose(items[at]);
  });

  return {
    fill(fresh, at) {
      items = fresh;
      list.replaceChildren(...items.map(option));
      select(at);
    },
    key({ key, shiftKey }) {
      if (items.length === 0 || shiftKey) return false;
      if (key === "ArrowDown") select((active + 1) % items.length);
      else if (key === "ArrowUp") select((Math.max(active, 0) - 1 + items.length) % items.length);
      else if (key === "Tab") choose(items[Math.max(active, 0)]);
      else if (key === "Enter" && active !== -1) choose(items[active]);
      else return false;
      return true;
    },
  };
}

/** The keys for going round `nodes`, in rows of `columns`; stops at the ends. */
export function steer(event, nodes, columns) {
  const at = nodes.indexOf(find(":focus"));
  const to = { ArrowDown: at + columns, ArrowUp: at - columns, ArrowRight: at + 1, ArrowLeft: at - 1 }[event.key];
  if (nodes[to] === undefined) return;
  event.preventDefault();
  event.stopPropagation();
  nodes[to].focus();
}
