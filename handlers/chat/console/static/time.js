// Instants in the reader's zone, and relative times that tick by themselves.

const MINUTE = 60_000;
const DAY = 86_400_000;
const UNITS = [["day", DAY], ["hour", 60 * MINUTE], ["minute", MINUTE]];

const STYLES = {
  time: { hour: "2-digit", minute: "2-digit" },
  day: { weekday: "long", day: "numeric", month: "long" },
  date: { weekday: "short", day: "numeric", month: "short" },
  full: { dateStyle: "full", timeStyle: "short" },
  key: { dateStyle: "short" },
};

let timeZone;
let formats = {};

/** Takes the zone of the person's profile, since `at 14:32` is read in it; else the browser's. */
export function useZone(zone) {
  formats = {};
  try {
    timeZone = new Intl.DateTimeFormat("en", { timeZone: zone || undefined }).resolvedOptions().timeZone;
  } catch {
    timeZone = undefined;
  }
}

/** The words are English; the order and the hour cycle are what the reader is used to. */
function format(style, at) {
  const own = navigator.language ?? "en-GB";
  const locale = own.startsWith("en") ? own : "en-GB";
  // Formats are slow to make, and the rooms are shown before any is needed.
  formats.cycle ??= new Intl.DateTimeFormat(own, { hour: "numeric" }).resolvedOptions().hourCycle;
  formats[style] ??= new Intl.DateTimeFormat(locale, { timeZone, hourCycle: formats.cycle, ...STYLES[style] });
  return formats[style].format(new Date(at));
}

export function clock(iso) {
  return format("time", iso);
}

/** What all instants of one day have in common here. */
export function dayKey(at) {
  return format("key", at);
}

export function dayName(iso) {
  const key = dayKey(iso);
  if (key === dayKey(Date.now())) return "Today";
  if (key === dayKey(Date.now() - DAY)) return "Yesterday";
  return Date.now() - new Date(iso) > 300 * DAY ? key : format("day", iso);
}

function relative(at) {
  const gap = at - Date.now();
  const [unit, size] = UNITS.find(([, length]) => Math.abs(gap) >= length) ?? UNITS.at(-1);
  formats.ago ??= new Intl.RelativeTimeFormat("en", { numeric: "auto" });
  return Math.abs(gap) < MINUTE / 2 ? "now" : formats.ago.format(Math.round(gap / size), unit);
}

function words(at, style) {
  if (style === "relative") return relative(at);
  if (style === "clock") return clock(at);
  const date = format("date", at);
  if (style === "date") return date;
  return dayKey(at) === dayKey(Date.now()) ? clock(at) : `${date}, ${clock(at)}`;
}

/** A `<time>` for an ISO 8601 instant; `style` is time, date, relative, or clock (the hour alone). */
export function timeNode(iso, style) {
  const at = new Date(iso);
  const node = document.createElement("time");
  node.dateTime = at.toISOString();
  node.dataset.style = style;
  node.title = format("full", at);
  node.textContent = words(at, style);
  return node;
}

/** Keeps relative times true; `midnight` runs when the day changes, for what is named by days. */
export function startTicking(midnight) {
  let today = "";
  setInterval(() => {
    for (const node of document.querySelectorAll("time")) {
      const text = words(new Date(node.dateTime), node.dataset.style);
      if (node.textContent !== text) node.textContent = text;
    }
    const key = dayKey(Date.now());
    if (key !== today) midnight();
    today = key;
  }, 10_000);
}
