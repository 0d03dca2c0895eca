// The console's own icons, strokes on a 20 × 20 grid, and the emoji of reactions.

const SVG = "http://www.w3.org/2000/svg";

const PATHS = {
  bell: "M10 2.5v1.2M5.2 13.2V9a4.8 4.8 0 0 1 9.6 0v4.2l1.4 1.6H3.8zM8.4 17.2h3.2",
  hash: "M7.6 3.5 6.2 16.5M13.8 3.5l-1.4 13M3.6 7.5h13.2M3.2 12.5h13.2",
  lock: "M5 9h10v7.5H5zM7 9V6.5a3 3 0 0 1 6 0V9",
  siren: "M5.5 14V9.5a4.5 4.5 0 0 1 9 0V14M3.8 14h12.4v2.8H3.8zM10 2v.9M3.6 4.1l.8.7M16.4 4.1l-.8.7",
  pin: "M7.2 3h5.6M8.2 3v4.6L5.4 11v1.2h9.2V11l-2.8-3.4V3M10 12.2V17",
  task: "M5 4.5h10v12H5zM7.8 3h4.4v2.6H7.8zM7.6 11.3l1.7 1.7 3.1-3.4",
  followup: "M3.5 5v10l6-5zM10 5v10l6-5zM16.8 5v10",
  smile: "M17 10a7 7 0 1 1-14 0 7 7 0 0 1 14 0M7.6 8.2v.3M12.4 8.2v.3M7 11.8c1.5 2.2 4.5 2.2 6 0",
  thread: "M3.5 4h13v9.5h-7L6 16.8v-3.3H3.5zM6.8 7.4h6.4M6.8 10.2h4",
  more: "M4.9 10h.2M9.9 10h.2M14.9 10h.2",
  edit: "M4 16l.8-3.4L13 4.4l2.6 2.6-8.2 8.2zM11.4 6l2.6 2.6",
  trash: "M4 5.5h12M8 5.5V3.5h4v2M5.5 5.5l.7 11h7.6l.7-11M8.4 8.5v5M11.6 8.5v5",
  close: "M5.5 5.5l9 9M14.5 5.5l-9 9",
  search: "M13.5 9a4.7 4.7 0 1 1-9.4 0 4.7 4.7 0 0 1 9.4 0M12.4 12.4 16.8 16.8",
  menu: "M3.5 5.5h13M3.5 10h13M3.5 14.5h13",
  send: "M3.5 10 16.5 3.8 12.8 16.4 9.4 11.2zM9.4 11.2l7.1-7.4",
  down: "M10 4v12M5 11l5 5 5-5",
  check: "M4.5 10.5 8.3 14.3 15.5 6",
  retry: "M15.8 10a5.8 5.8 0 1 1-1.7-4.1M15.8 3v3.4h-3.4",
  circle: "M15 10a5 5 0 1 1-10 0 5 5 0 0 1 10 0",
  link: "M8.4 11.6a3 3 0 0 0 4.2 0l2.6-2.6a3 3 0 0 0-4.2-4.2l-.9.9M11.6 8.4a3 3 0 0 0-4.2 0L4.8 11A3 3 0 0 0 9 15.2l.9-.9",
  out: "M8 4.5H4.5v11h11V12M11.5 4.5h4v4M15.5 4.5 9 11",
  eye: "M2.8 10c3.4-5.6 11-5.6 14.4 0-3.4 5.6-11 5.6-14.4 0M12 10a2 2 0 1 1-4 0 2 2 0 0 1 4 0",
};

const EMOJI = {
  thumbsup: "👍",
  eyes: "👀",
  white_check_mark: "✅",
  tada: "🎉",
  heart: "❤️",
  pray: "🙏",
  joy: "😂",
  thinking_face: "🤔",
  fire: "🔥",
  question: "❓",
  x: "❌",
  rocket: "🚀",
};

/** The reactions that capture, by role: icon, and what they do in words. */
const CAPTURES = {
  capture: ["pin", "Put on the timeline"],
  task: ["task", "Make it a task"],
  followup: ["followup", "Make it a follow-up"],
};

/** A decorative icon: hidden from those who listen, who get the words beside it. */
export function icon(name) {
  const svg = document.createElementNS(SVG, "svg");
  svg.setAttribute("viewBox", "0 0 20 20");
  svg.setAttribute("class", `icon icon-${name}`);
  svg.setAttribute("aria-hidden", "true");
  const path = document.createElementNS(SVG, "path");
  path.setAttribute("d", PATHS[name]);
  svg.append(path);
  return svg;
}

/** The names of the reactions on offer: those that capture, and the friendly ones. */
export function offered(roles) {
  const captures = Object.keys(CAPTURES).map((role) => roles[role]);
  return { captures: captures.filter(Boolean), friendly: Object.keys(EMOJI) };
}

/** How a reaction is drawn and said: {face, words, captures}. `roles` gives the capturing names. */
export function reaction(name, roles) {
  const role = Object.keys(CAPTURES).find((one) => roles[one] === name);
  if (role !== undefined) return { face: icon(CAPTURES[role][0]), words: CAPTURES[role][1], captures: true };
  const face = EMOJI[name === "+1" ? "thumbsup" : name] ?? name;
  return { face, words: `React: ${name.replaceAll("_", " ")}`, captures: false };
}
