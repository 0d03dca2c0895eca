// Files for a message: dropped, pasted or chosen; brought to the server at once, said with the message.

import { button, find, h } from "./dom.js";
import { icon } from "./icons.js";
import { notice } from "./overlays.js";

const MOST = 10;

/** Keeps the files of `form`'s next message; `place()` is where it goes. Answers `take`, `wait` and `clear`. */
export function uploads(form, place) {
  const tray = h("ul.tray", { "aria-label": "Files to send", hidden: true });
  const input = h("input", { type: "file", multiple: true, hidden: true, "aria-label": "Files" });
  const attach = button("attach", icon("clip"), () => input.click(), { label: "Add files" });
  let files = [];
  form.prepend(tray);
  form.append(input, attach);
  input.addEventListener("change", () => {
    add(input.files);
    input.value = "";
  });
  const target = form.closest("main, aside");
  target.addEventListener("dragover", (event) => {
    if (!event.dataTransfer.types.includes("Files")) return;
    event.preventDefault();
    target.classList.add("dropping");
  });
  for (const name of ["dragleave", "drop"]) target.addEventListener(name, (event) => {
    if (name === "drop" || !target.contains(event.relatedTarget)) target.classList.remove("dropping");
  });
  target.addEventListener("drop", (event) => {
    if (event.dataTransfer.files.length === 0) return;
    event.preventDefault();
    add(event.dataTransfer.files);
  });
  form.addEventListener("paste", (event) => {
    if (event.clipboardData.files.length === 0) return;
    event.preventDefault();
    add(event.clipboardData.files);
  });

  function add(list) {
    if (place() === null || form.hidden) return;
    const room = [...list].slice(0, MOST - files.length);
    if (room.length < list.length) notice(`${MOST} files a message are the most.`);
    for (const file of room) files.push(entry(file));
    draw();
  }

  function entry(file) {
    const made = { file, id: "", error: "" };
    made.done = bring(place().room, file).then(
      (id) => (made.id = id),
      (error) => {
        files = files.filter((other) => other !== made);
        notice(`${file.name}: ${error.message}`);
      },
    ).finally(draw);
    return made;
  }

  function draw() {
    tray.replaceChildren(...files.map(chip));
    tray.hidden = files.length === 0;
    form.dispatchEvent(new Event("files"));
  }

  function chip(made) {
    const drop = () => {
      files = files.filter((other) => other !== made);
      draw();
      find("textarea", form).focus();
    };
    const words = made.id === "" ? `${made.file.name}…` : made.file.name;
    return h("li", null, icon("clip"), h("span.name", { dir: "auto" }, words), button("quiet", icon("close"), drop, { label: `Take ${made.file.name} away` }));
  }

  return {
    any: () => files.length > 0,
    /** The ids, once everything has arrived; what failed was told and is left out. */
    async take() {
      const taken = files;
      files = [];
      draw();
      await Promise.all(taken.map((made) => made.done));
      return taken.map((made) => made.id).filter(Boolean);
    },
    clear() {
      files = [];
      draw();
    },
  };
}

async function bring(room, file) {
  const query = new URLSearchParams({ room, name: file.name || "picture", ...(await sides(file)) });
  const answer = await fetch(`/files?${query}`, { method: "POST", body: file }).catch(() => null);
  if (answer === null) throw new Error("the connection is lost. Add it again when it is back.");
  const said = await answer.json().catch(() => ({}));
  if (!answer.ok) throw new Error(said.error ?? "the upload failed.");
  return said.id;
}

/** A picture's size, so that the list does not jump when it comes. */
async function sides(file) {
  try {
    const { width, height } = await createImageBitmap(file);
    return { width, height };
  } catch {
    return {};
  }
}

/** The files of a message. */
export function filesNode(files) {
  if (!(files?.length > 0)) return null;
  return h("div.files", null, files.map((file) => (file.type.startsWith("image/") ? picture(file) : paper(file))));
}

function picture({ url, name, w, h: height }) {
  const size = w > 0 && height > 0 ? { width: w, height } : {};
  const image = h("img", { src: url, alt: name, loading: "lazy", ...size });
  return h("a.picture", { href: url, target: "_blank", title: name }, image);
}

function paper({ url, name, size }) {
  const kb = Math.max(1, Math.round(size / 1024));
  return h("a.plain.paper", { href: url, download: name }, icon("clip"), h("span", { dir: "auto" }, name), h("small", null, `${kb} kB`));
}
