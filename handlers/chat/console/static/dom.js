// Building and patching the page. Text goes in as text nodes only; nothing here parses HTML.

const lists = new WeakMap();

/**
 * An element: h("p.note", {title: "x", onclick, data: {key: "x"}}, "text"). Attributes that are false,
 * null or undefined are left out, and so are such children; `label` is both a name and a tooltip.
 */
export function h(spec, props, ...children) {
  const [tag, ...classes] = spec.split(".");
  const node = document.createElement(tag);
  if (classes.length > 0) node.className = classes.join(" ");
  for (const [name, value] of Object.entries(props ?? {})) put(node, name, value);
  node.append(...children.flat().filter(Boolean));
  return node;
}

function put(node, name, value) {
  if (value === false || value === null || value === undefined) return;
  if (name.startsWith("on")) node.addEventListener(name.slice(2), value);
  else if (name === "data") Object.assign(node.dataset, value);
  else if (name === "value" || name === "checked") node[name] = value;
  else if (name === "label") node.title = node.ariaLabel = value;
  else node.setAttribute(name, value === true ? "" : value);
}

export function button(spec, face, onclick, props) {
  return h(`button.${spec}`, { type: "button", onclick, ...props }, face);
}

export function find(selector, within = document) {
  return within.querySelector(selector);
}

/**
 * Makes the children of `parent` those of `items`, [{key, sig, make}], touching only what changed.
 * A child is kept while its `sig` is the same; one that is made anew keeps the focus it had.
 */
export function reconcile(parent, items) {
  const had = lists.get(parent) ?? new Map();
  const next = new Map();
  const wanted = new Set(items.map((item) => item.key));
  for (const [key, { node }] of had) if (!wanted.has(key)) node.remove();
  let cursor = parent.firstChild;
  for (const { key, sig, make } of items) {
    const before = had.get(key);
    const kept = before !== undefined && before.sig === sig;
    const node = kept ? before.node : make();
    if (before !== undefined && !kept) {
      if (cursor === before.node) cursor = node;
      swap(before.node, node);
    }
    next.set(key, { node, sig });
    if (node === cursor) cursor = node.nextSibling;
    else parent.insertBefore(node, cursor);
  }
  lists.set(parent, next);
}

function swap(old, fresh) {
  const focused = old.contains(document.activeElement) ? document.activeElement : null;
  fresh.append(...old.querySelectorAll("[data-carried]"));
  old.replaceWith(fresh);
  if (focused === null) return;
  const key = focused.dataset.key;
  const heir = focused.isConnected ? focused : key && find(`[data-key="${CSS.escape(key)}"]`, fresh);
  (heir || fresh).focus({ preventScroll: true });
}

// Between a press and its click nothing is drawn: a node made anew under the pointer would lose the click.
let pressed = false;
addEventListener("pointerdown", () => (pressed = true), true);
for (const end of ["pointerup", "pointercancel", "dragend", "blur"]) {
  addEventListener(end, () => setTimeout(() => (pressed = false)), true);
}

const waiting = new Set();

/** `work`, but once a frame at most; a hidden page has no frames, so there it waits a moment. */
export function coalesced(work) {
  const run = () => {
    if (!waiting.has(run)) return undefined;
    if (pressed && !document.hidden) return requestAnimationFrame(run);
    waiting.delete(run);
    return work();
  };
  return () => {
    if (waiting.has(run)) return;
    waiting.add(run);
    if (document.hidden) setTimeout(run, 50);
    else requestAnimationFrame(run);
  };
}

/** Draws what waits for a frame at once, so that the first frame has it. */
export function drawNow() {
  for (const run of waiting) run();
}

/** `work`, when the next frame has been shown; soon also on a page that has no frames. */
export function afterFrame(work) {
  let done = false;
  const once = () => {
    if (!done) work();
    done = true;
  };
  requestAnimationFrame(() => setTimeout(once));
  setTimeout(once, 250);
}

/** A link out, or its text alone when the address is neither http nor https. */
export function anchor(text, url, spec = "a") {
  const href = URL.parse?.(url, location.origin)?.href ?? url;
  if (!/^https?:\/\//.test(href)) return text;
  return h(spec, { href, target: "_blank", rel: "noopener noreferrer" }, text);
}

export function hidden(text) {
  return h("span.hidden", null, text);
}

/** Says `text` to those who listen; a new node, so that an equal sentence is said again. */
export function announce(text) {
  find("#announcer").replaceChildren(text);
}

/** One thing that this browser remembers; where that is forbidden, it is "". */
export function memory(name) {
  const key = `tocsin:${name}`;
  const attempt = (work) => {
    try {
      return work() ?? "";
    } catch {
      return "";
    }
  };
  return {
    get: () => attempt(() => localStorage.getItem(key)),
    set: (value) => attempt(() => (value === "" ? localStorage.removeItem(key) : localStorage.setItem(key, value))),
  };
}
