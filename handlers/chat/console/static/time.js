// Instants in the reader's zone, and relative times that tick by themselves.

const MINUTE = 60_000;
const DAY = 86_400_000;
const UNITS = [["day", DAY], ["hour", 60 * MINUTE], ["minute", MINUTE]];

let formats;
useZone(undefined);

/** Takes the zone of the person's profile, since `at 14:32` is read in it; else the browser's. */
export function useZone(zone) {
  try {
    formats = make(zone || undefined);
  } catch {
    formats = make(undefined);
  }
}

/** The words are English; the order and the hour cycle are what the reader is used to. */
function make(timeZone) {
  const own = navigator.language ?? "en-GB";
  const locale = own.startsWith("en") ? own : "en-GB";
  const { hourCycle } = new Intl.DateTimeFormat(own, { hour: "numeric" }).resolvedOptions();
  const format = (options) => new Intl.DateTimeFormat(locale, { timeZone, ...options });
  return {
    time: format({ hour: "2-digit", minute: "2-digit", hourCycle }),
    day: format({ weekday: "long", day: "numeric", month: "long" }),
    date: format({ weekday: "short", day: "numeric", month: "short" }),
    full: format({ dateStyle: "full", timeStyle: "short", hourCycle }),
    key: format({ dateStyle: "short" }),
    ago: new Intl.RelativeTimeFormat(locale, { numeric: "auto" }),
  };
}

export function clock(iso) {
  return formats.time.format(new Date(iso));
}

/** What all instants of one day have in common here. */
export function dayKey(at) {
  return formats.key.format(new Date(at));
}

export function dayName(iso) {
  const key = dayKey(iso);
  if (key === dayKey(Date.now())) return "Today";
  if (key === dayKey(Date.now() - DAY)) return "Yesterday";
  return Date.now() - new Date(iso) > 300 * DAY ? key : formats.day.format(new Date(iso));
}

function relative(at) {
  const gap = at - Date.now();
  const [unit, size] = UNITS.find(([, length]) => Math.abs(gap) >= length) ?? UNITS.at(-1);
  return Math.abs(gap) < MINUTE / 2 ? "now" : formats.ago.format(Math.round(gap / size), unit);
}

function words(at, style) {
  if (style === "relative") return relative(at);
  if (style === "clock") return clock(at);
  const date = formats.date.format(at);
  if (style === "date") return date;
  return dayKey(at) === dayKey(Date.now()) ? clock(at) : `${date}, ${clock(at)}`;
}

/** A `<time>` for an ISO 8601 instant; `style` is time, date, relative, or clock (the hour alone). */
export function timeNode(iso, style) {
  const at = new Date(iso);
  const node = document.createElement("time");
  node.dateTime = at.toISOString();
  node.dataset.style = style;
  node.title = formats.full.format(at);
  node.textContent = words(at, style);
  return node;
}

/** Keeps relative times true; `midnight` runs when the day changes, for what is named by days. */
export function startTicking(midnight) {
  let today = dayKey(Date.now());
  setInterval(() => {
    for (const node of document.querySelectorAll("time")) {
      const text = words(new Date(node.dateTime), node.dataset.style);
      if (node.textContent !== text) node.textContent = text;
    }
    if (dayKey(Date.now()) !== today) midnight();
    today = dayKey(Date.now());
  }, 10_000);
}
