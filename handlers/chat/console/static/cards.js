// Cards from their blocks: one function a block, one a span. What a button does is the caller's.

import { anchor, button, h, hidden } from "./dom.js";
import { icon } from "./icons.js";
import { confirmed } from "./overlays.js";
import { mentionNode, roomLink, textNodes } from "./text.js";
import { timeNode } from "./time.js";

const SPANS = {
  plain: (span) => span.text,
  strong: (span) => h("strong", null, span.text),
  code: (span) => h("code", null, span.text),
  mention: (span, store) => mentionNode(span.person, span.name, store),
  when: (span) => timeNode(span.at, span.style),
  link: (span) => anchor(span.text, span.url),
  room: roomSpan,
};

const BLOCKS = {
  text: (block, store) => h("p.text", { dir: "auto" }, line(block.line, store)),
  fields: (block, store) => h("dl.fields", null, block.items.map((item) => field(item, store))),
  bullets: (block, store) => h("ul.bullets", null, block.items.map((item) => bullet(item, store))),
  quote: (block, store) => h("blockquote", { dir: "auto" }, textNodes(block.text, store)),
  context: (block, store) => h("p.context", { dir: "auto" }, line(block.line, store)),
  checklist: (block) => h("ul.checklist", null, block.items.map(step)),
  buttons: (block, store, press) => h("div.buttons", null, block.items.map((item) => choice(item, press))),
};

const STEPS = {
  waiting: ["circle", "waiting"],
  done: ["check", "done"],
  retrying: ["retry", "trying again"],
  failed: ["close", "failed"],
};

/** A card's element; `press(command, button)` is what a button of it does. */
export function cardNode(card, store, press) {
  const title = card.title && h("p.card-title", { dir: "auto" }, card.title);
  return h(`div.card.tone-${card.tone ?? "neutral"}`, null, title, blockNodes(card.blocks, store, press));
}

/** A block that is not known is left out: an old page may meet a newer server. */
export function blockNodes(blocks, store, press) {
  return (blocks ?? []).map((block) => BLOCKS[block.block]?.(block, store, press));
}

function line(spans, store) {
  return spans.map((span) => SPANS[span.span]?.(span, store) ?? span.text ?? span.name);
}

function roomSpan(span, store) {
  const name = `#${span.name.replace(/^#/, "")}`;
  if (span.platform === "console" && store.rooms.has(span.room)) return roomLink(span.room, name);
  return span.url ? anchor(name, span.url) : name;
}

function field(item, store) {
  return h("div", null, h("dt", null, item.label), h("dd", { dir: "auto" }, line(item.line, store)));
}

function bullet(item, store) {
  return h("li", { dir: "auto" }, line(item, store));
}

function step({ label, state, detail }) {
  const [name, words] = STEPS[state] ?? STEPS.waiting;
  const more = detail && h("span.detail", null, detail);
  return h(`li.step-${state}`, null, icon(name), h("span", null, label, hidden(` (${words})`), more));
}

function choice({ label, command, style, url, confirm }, press) {
  if (url) {
    const link = anchor(label, url, `a.${style}`);
    link.append?.(icon("out"));
    return link;
  }
  const pressed = async ({ currentTarget }) => {
    if (currentTarget.ariaDisabled === "true") return;
    if (!confirm || (await confirmed(confirm, label, style))) press(command, currentTarget);
  };
  return button(style ?? "plain", label, pressed, { data: { key: label } });
}
