// Times in the reader's own zone; relative ones tick. Without this, times are UTC and say so.

const MINUTE = 60_000;
const UNITS = [["year", 365 * 1440 * MINUTE], ["month", 30 * 1440 * MINUTE], ["day", 1440 * MINUTE], ["hour", 60 * MINUTE], ["minute", MINUTE]];
const full = new Intl.DateTimeFormat(undefined, { dateStyle: "full", timeStyle: "long" });
const moment = new Intl.DateTimeFormat(undefined, { month: "short", day: "numeric", hour: "2-digit", minute: "2-digit" });
const ago = new Intl.RelativeTimeFormat("en", { numeric: "auto" });

function relative(at) {
  const gap = at - Date.now();
  const [unit, size] = UNITS.find(([, length]) => Math.abs(gap) >= length) ?? UNITS.at(-1);
  return Math.abs(gap) < MINUTE / 2 ? "just now" : ago.format(Math.round(gap / size), unit);
}

function draw() {
  for (const node of document.querySelectorAll("time")) {
    const at = new Date(node.dateTime);
    node.title ||= full.format(at);
    const text = node.dataset.style === "relative" ? relative(at) : moment.format(at);
    if (node.textContent !== text) node.textContent = text;
  }
}

draw();
setInterval(draw, 15_000);
