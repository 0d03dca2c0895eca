// Forms as dialogs: they check while one types, and keep what was typed until the server has it.

import { blockNodes } from "./cards.js";
import { button, h } from "./dom.js";
import { icon } from "./icons.js";
import { Refusal } from "./wire.js";

// What was typed into forms that were closed unsent, by command.
const unsent = new Map();

/** Opens `form` over the page. Closing it unsent keeps its answers for the next time. */
export function openForm({ store, acts }, room, form) {
  const kept = unsent.get(form.command) ?? {};
  const fields = form.inputs.map((input) => field(store, input, kept[input.name] ?? input.value));
  const problem = h("p.problem", { role: "alert" });
  const send = h("button.primary", { type: "submit" }, form.submit);
  const shut = () => dialog.close();
  const close = button("quiet", icon("close"), shut, { label: "Close" });
  const header = h("header", null, h("h2", { id: "form-title" }, form.title), close);
  const body = h("div.form-body", null, blockNodes(form.intro, store), fields.map((one) => one.node), problem);
  const footer = h("footer.buttons", null, send, button("plain", "Cancel", shut));
  const node = h("form", { novalidate: true, onsubmit: submit, onkeydown: sendByKey }, header, body, footer);
  const dialog = h("dialog.form", { "aria-labelledby": "form-title" }, node);
  let taken = false;

  const answers = () => Object.fromEntries(fields.map((one) => [one.name, one.value()]));

  function submit(event) {
    event.preventDefault();
    const wrong = fields.filter((one) => !one.check("all"));
    if (wrong.length > 0) wrong[0].focus();
    else if (send.ariaDisabled !== "true") deliver();
  }

  async function deliver() {
    send.ariaDisabled = "true";
    problem.textContent = "";
    try {
      await acts.submit(room, form.command, answers());
      taken = true;
      shut();
    } catch (error) {
      if (!(error instanceof Refusal)) throw error;
      problem.textContent = error.message;
    }
    send.ariaDisabled = null;
  }

  dialog.addEventListener("close", () => {
    if (taken) unsent.delete(form.command);
    else unsent.set(form.command, answers());
    dialog.remove();
  });
  document.body.append(dialog);
  dialog.showModal();
  fields[0]?.focus();
}

function sendByKey(event) {
  if (event.key === "Enter" && (event.ctrlKey || event.metaKey)) event.currentTarget.requestSubmit();
}

const CONTROLS = {
  line: (input, value) => h("input.control", { value, placeholder: input.placeholder, autocomplete: "off" }),
  paragraph: (input, value) => h("textarea.control", { rows: "4", value, placeholder: input.placeholder }),
  choice: (input, value) => select(input, input.options, value),
  person: (input, value, store) => select(input, input.options[0] ? input.options : everybody(store), value),
};

/** One question. `check("typed")` only judges what is there: nobody is told off before typing. */
function field(store, input, value) {
  const id = `field-${input.name}`;
  const note = h("p.note", { id: `${id}-note`, "aria-live": "polite" });
  const mark = input.need === "required" ? null : h("span.optional", null, " optional");
  const group = input.kind === "services";
  const make = CONTROLS[input.kind] ?? CONTROLS.line;
  const control = group ? several(input, value) : single(make(input, value, store));
  const props = { id, name: input.name, "aria-describedby": note.id };
  for (const [attribute, text] of Object.entries(props)) control.node.setAttribute(attribute, text);
  if (!group) control.node.ariaRequired = String(mark === null);
  const label = h(group ? "legend" : "label", { for: group ? null : id }, input.label, mark);
  const node = h(group ? "fieldset.field" : "div.field", null, label, control.node, note);

  function check(what) {
    const wrong = judge(input, control.value(), what);
    node.classList.toggle("wrong", wrong !== "");
    if (!group) control.node.ariaInvalid = String(wrong !== "");
    if (note.textContent !== wrong) note.textContent = wrong;
    return wrong === "";
  }

  node.addEventListener("input", () => check(node.classList.contains("wrong") ? "all" : "typed"));
  node.addEventListener("change", () => check("all"));
  return { name: input.name, node, check, ...control, node };
}

function judge({ kind, limit, need }, value, what) {
  const over = kind === "line" || kind === "paragraph" ? [...value].length - limit : 0;
  if (over > 0) return `${over} ${over === 1 ? "character" : "characters"} too long.`;
  return what === "all" && need === "required" && value.trim() === "" ? "Please fill this in." : "";
}

function single(node) {
  return { node, value: () => node.value, focus: () => node.focus() };
}

function select(input, options, value) {
  const known = options.some((option) => option.value === value);
  const blank = known && input.need === "required" ? [] : [{ value: "", label: input.placeholder || "Choose…" }];
  const list = [...blank, ...options].map((option) => h("option", { value: option.value }, option.label));
  const node = h("select.control", null, list);
  node.value = known ? value : "";
  return node;
}

function everybody(store) {
  return [...store.people.values()].map((person) => ({ value: person.id, label: person.name }));
}

/** Several services; their values travel as one string, parted by spaces. */
function several(input, value) {
  const chosen = new Set(value.split(/[\s,]+/));
  const box = (option) => h("input", { type: "checkbox", value: option.value, checked: chosen.has(option.value) });
  const node = h("div.checks", null, input.options.map((option) => h("label.check", null, box(option), option.label)));
  const checked = () => [...node.querySelectorAll(":checked")].map((one) => one.value);
  return { node, value: () => checked().join(" "), focus: () => node.querySelector("input")?.focus() };
}
