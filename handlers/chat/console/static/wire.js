// The socket: requests that are sent again until they are answered, a watchdog, and resuming.
// What the frames mean is not known here.

const SILENCE = 12_000;
const FIRST = 300;
const LONGEST = 8_000;
const LOGGED_OUT = 4401;

/** What the server said no to; `message` is for the person. */
export class Refusal extends Error {}

/** A delivery id: unique, and made without `randomUUID`, which plain http does not have. */
export function newId() {
  const bytes = crypto.getRandomValues(new Uint8Array(12));
  return Array.from(bytes, (byte) => byte.toString(16).padStart(2, "0")).join("");
}

export class Wire {
  #url;
  #hooks;
  #socket = null;
  #heard = 0;
  #attempts = 0;
  #retry = 0;
  #open = new Map();
  #ready = false;

  /** Hooks: `since()`, `receive(frame)`, and `state`, which hears "online" (nothing is missing) and "away". */
  constructor(url, hooks) {
    this.#url = url;
    this.#hooks = hooks;
  }

  start() {
    setInterval(() => this.#watch(), 1_000);
    for (const name of ["online", "focus", "pageshow"]) addEventListener(name, () => this.nudge());
    this.#connect();
  }

  /** Resolves with the answer. Kept, and sent again under the same id, until there is one. */
  request(frame) {
    const sent = { id: newId(), ...frame };
    return new Promise((resolve, reject) => {
      this.#open.set(sent.id, { sent, resolve, reject });
      this.tell(sent);
    });
  }

  /** Sends what needs no answer, if there is anybody to hear it. */
  tell(frame) {
    if (this.#ready) this.#socket.send(JSON.stringify(frame));
    return this.#ready;
  }

  /** Tries at once, instead of waiting out the pause between two attempts. */
  nudge() {
    if (this.#socket !== null) return;
    this.#attempts = 0;
    this.#connect();
  }

  #connect() {
    clearTimeout(this.#retry);
    const socket = new WebSocket(this.#url);
    this.#socket = socket;
    this.#heard = performance.now();
    socket.onopen = () => socket.send(JSON.stringify({ t: "hello", since: this.#hooks.since() }));
    socket.onmessage = (event) => this.#take(JSON.parse(event.data));
    socket.onclose = (event) => this.#lost(event.code);
  }

  #watch() {
    if (performance.now() - this.#heard > SILENCE) this.#lost();
  }

  #lost(code) {
    if (code === LOGGED_OUT) location.assign("/login");
    if (this.#socket === null) return;
    // A close that nobody answers can hang for a minute, so the old socket is disowned first.
    this.#socket.onclose = this.#socket.onmessage = this.#socket.onopen = null;
    this.#socket.close();
    this.#socket = null;
    this.#ready = false;
    this.#hooks.state("away");
    const pause = Math.min(LONGEST, FIRST * 2 ** this.#attempts) * (0.75 + Math.random() / 2);
    this.#attempts += 1;
    this.#retry = setTimeout(() => this.#connect(), pause);
  }

  #take(frame) {
    // A server that pings but never answers `hello` is not there either.
    if (this.#ready || frame.t !== "ping") this.#heard = performance.now();
    const asked = this.#open.get(frame.id);
    this.#open.delete(frame.id);
    if (asked === undefined) this.#hooks.receive(frame);
    else if (frame.t === "error") asked.reject(new Refusal(frame.text));
    else asked.resolve(frame);
    if (frame.t === "synced") this.#synced();
  }

  #synced() {
    this.#ready = true;
    this.#attempts = 0;
    for (const { sent } of this.#open.values()) this.tell(sent);
    this.#hooks.state("online");
  }
}
