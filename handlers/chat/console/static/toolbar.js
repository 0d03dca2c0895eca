// The one toolbar that follows the message under the pointer or the focus, and what hangs from it.

import { button, find, h } from "./dom.js";
import { icon, offered, reaction } from "./icons.js";
import { steer } from "./listbox.js";
import { confirmed, openMenu, openPicker } from "./overlays.js";

const QUICK = 3;

export function toolbar(app) {
  const { store, acts, show } = app;
  const node = h("div.toolbar", { role: "toolbar", "aria-label": "Message", data: { carried: "" } });
  let shown = "";
  node.addEventListener("keydown", (event) => steer(event, [...node.children], 0));
  for (const list of [find("#messages"), find("#thread-messages")]) {
    for (const name of ["pointerover", "focusin", "click"]) list.addEventListener(name, over);
    list.addEventListener("keydown", keyed);
    list.addEventListener("pointerleave", () => busy() || node.contains(find(":focus")) || node.remove());
  }

  /** One letter on a message that has the focus does what its toolbar does. */
  function keyed(event) {
    const id = event.target.dataset?.message;
    const message = id && fresh(id);
    if (!message || message.deleted || event.ctrlKey || event.metaKey || event.altKey) return;
    const mine = message.author.id === store.me.id;
    const acting = {
      r: () => openPicker(event.target, palette(id)),
      t: () => show({ kind: "thread", parent: message.thread || id }),
      p: () => acts.pin(message),
      e: mine && !message.card && (() => edit(message)),
      Delete: mine && (() => remove(message)),
      Backspace: mine && (() => remove(message)),
    }[event.key];
    if (!acting) return;
    event.preventDefault();
    acting();
  }

  const busy = () => find(":popover-open") !== null;

  function over({ target }) {
    const article = target.closest("[data-message]");
    if (article === null || busy()) return;
    const id = article.dataset.message;
    const message = fresh(id);
    if (message === undefined || message.deleted || store.editing === id) return node.remove();
    if (node.parentElement === article) return undefined;
    if (shown !== id) node.replaceChildren(...tools(message));
    shown = id;
    return article.append(node);
  }

  const fresh = (id) => store.log(store.current).get(id);

  function tools({ id, thread }) {
    const { captures, friendly } = offered(store.reactions);
    // In a war room those that capture are one click away; elsewhere a few friendly ones.
    const near = store.room().kind === "war" && captures.length > 0 ? captures : friendly.slice(0, QUICK);
    const all = palette(id);
    return [
      ...all.filter((one) => near.includes(one.name)).map(({ face, words, act }) => tool(words, face, act)),
      tool("Add a reaction", icon("smile"), (event) => openPicker(event.currentTarget, all)),
      tool("Reply in thread", icon("thread"), () => show({ kind: "thread", parent: thread || id })),
      tool("More", icon("more"), (event) => openMenu(event.currentTarget, more(fresh(id)))),
    ];
  }

  function palette(id) {
    const { captures, friendly } = offered(store.reactions);
    const toggle = (name) => () => acts.toggle(fresh(id), name);
    return [...captures, ...friendly].map((name) => ({ name, ...reaction(name, store.reactions), act: toggle(name) }));
  }

  function more(message) {
    const pin = { icon: "pin", words: message.pinned ? "Unpin" : "Pin", act: () => acts.pin(message) };
    const edits = { icon: "edit", words: "Edit", act: () => edit(message) };
    const deletes = { icon: "trash", words: "Delete", spec: "bad", act: () => remove(message) };
    return message.author.id === store.me.id ? [pin, edits, deletes] : [pin];
  }

  function edit(message) {
    store.editing = message.id;
    store.touch("log");
    node.remove();
  }

  async function remove(message) {
    if (await confirmed("Delete this message for everybody?", "Delete", "danger")) acts.remove(message);
  }
}

function tool(words, face, act) {
  return button("tool", face, act, { label: words, data: { key: words } });
}
