// Icons, which the page's shell holds, and how reactions are drawn.

const SVG = "http://www.w3.org/2000/svg";

const EMOJI = {
  thumbsup: "👍",
  eyes: "👀",
  white_check_mark: "✅",
  heart: "❤️",
  pray: "🙏",
  fire: "🔥",
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
  const use = document.createElementNS(SVG, "use");
  use.setAttribute("href", `#icon-${name}`);
  svg.setAttribute("class", `icon icon-${name}`);
  svg.ariaHidden = "true";
  svg.append(use);
  return svg;
}

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
