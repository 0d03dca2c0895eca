// The quick switcher: rooms and people by a few letters, or a search of what was said.

import { announce, find } from "./dom.js";
import { icon } from "./icons.js";
import { listbox } from "./listbox.js";
import { avatar } from "./message.js";
import { byName, label, roomIcon } from "./sidebar.js";

const SHOWN = 12;

export function switcher({ store, acts, show }) {
  const dialog = find("#switcher");
  const box = find("input", dialog);
  const choices = listbox(box, find("[role=listbox]", dialog), ({ act }) => {
    dialog.close();
    act();
  });
  box.addEventListener("input", fill);
  box.addEventListener("keydown", (event) => !event.isComposing && choices.key(event) && event.preventDefault());
  dialog.addEventListener("click", (event) => event.target === dialog && dialog.close());

  function fill() {
    const text = box.value.trim();
    const wanted = text.replace(/^[#@]/, "").toLowerCase();
    const all = [...rooms(), ...people()];
    for (const item of all) item.score = item.bonus + score(item.name.toLowerCase(), wanted);
    const best = all.filter((item) => item.score > 0).sort((one, two) => two.score - one.score || byName(one, two));
    const items = [...best.slice(0, SHOWN), ...search(text)];
    choices.fill(items.map((item) => ({ ...item, face: item.face() })), 0);
    if (text !== "") announce(`${items.length} found`);
  }

  function rooms() {
    return [...store.rooms.values()].map((room) => ({
      name: room.name,
      face: () => roomIcon(room, store),
      words: label(room),
      detail: room.archived ? "archived" : room.topic,
      bonus: room.archived ? -0.5 : Math.min(1, room.unread) / 2,
      act: () => acts.enter(room.id),
    }));
  }

  /** Those with whom there is no conversation yet. */
  function people() {
    const met = new Set([store.me.id, ...[...store.rooms.values()].map((room) => room.with)]);
    const others = [...store.people.values()].filter((person) => !met.has(person.id));
    return others.map((person) => ({
      name: person.name,
      face: () => avatar(person),
      words: person.name,
      detail: "direct message",
      bonus: -0.3,
      act: () => acts.open(person.id),
    }));
  }

  function search(text) {
    if (text === "") return [];
    const act = () => show({ kind: "search", text });
    return [{ face: () => icon("search"), words: `Search messages for “${text}”`, act }];
  }

  return {
    open() {
      if (dialog.open) return;
      box.value = "";
      dialog.showModal();
      fill();
    },
  };
}

/** 3 at the start of the name, 2 at the start of a word of it, 1 anywhere; far below 0 for nowhere. */
function score(name, text) {
  if (name.startsWith(text)) return 3;
  if (name.includes(`-${text}`) || name.includes(` ${text}`)) return 2;
  return name.includes(text) ? 1 : -9;
}
