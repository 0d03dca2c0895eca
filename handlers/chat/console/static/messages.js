// What stands under one another in a list of messages: days, what is new, and who follows whom.

import { h } from "./dom.js";
import { echoNode, messageNode, privateNode } from "./message.js";
import { dayKey, dayName } from "./time.js";

const TOGETHER = 5 * 60_000;

/**
 * The items of a list, for `reconcile`. `wanted` says which private cards and which messages on their
 * way belong to it; `mark` is the seq after which messages are new.
 */
export function listed(app, messages, wanted, place, mark = Infinity) {
  const items = [];
  const waiting = app.store.privates.filter(wanted);
  let previous = null;
  for (const message of messages) {
    while (waiting[0]?.after < message.seq) items.push(privateItem(waiting.shift(), app));
    items.push(...dividers(message, previous, mark, app.store.me));
    const compact = items.at(-1)?.message === previous && together(message, previous);
    items.push(messageItem(message, app, { compact, place }));
    previous = message;
  }
  items.push(...waiting.map((entry) => privateItem(entry, app)));
  for (const echo of app.store.echoes.filter(wanted)) {
    items.push({ key: `echo-${echo.id}`, sig: echo.state, make: () => echoNode(echo, app) });
  }
  return items;
}

function messageItem(message, app, look) {
  const sig = [message.changed, look.compact, app.store.editing === message.id].join();
  return { key: message.id, sig, message, make: () => messageNode(message, app, look) };
}

function privateItem(entry, app) {
  return { key: `private-${entry.id}`, sig: entry.card, make: () => privateNode(entry, app) };
}

function dividers(message, previous, mark, me) {
  const made = [];
  if (previous === null || dayKey(previous.at) !== dayKey(message.at)) {
    made.push(divider(`day-${message.id}`, "divider", dayName(message.at)));
  }
  const first = message.seq > mark && (previous === null || previous.seq <= mark);
  if (first && message.author.id !== me.id) made.push(divider("new", "divider.new", "New"));
  return made;
}

function divider(key, spec, words) {
  return { key, sig: words, make: () => h(`div.${spec}`, { role: "separator" }, h("span", null, words)) };
}

function together(message, above) {
  if (above === null || message.card || above.card || above.deleted) return false;
  return message.author.id === above.author.id && new Date(message.at) - new Date(above.at) < TOGETHER;
}
