// One room's messages, as far as they are known here. No page, no socket.

/**
 * Everything from `floor` up is known without a hole; below it are only strays (an old message that
 * was edited, say). `more` tells whether the server has older ones.
 */
export class Log {
  floor = Infinity;
  more = true;
  loading = null;
  #byId = new Map();
  #sorted = null;

  get loaded() {
    return this.floor !== Infinity;
  }

  get(id) {
    return this.#byId.get(id);
  }

  /** Takes in one message: "new", "changed", or "" when what is known is as fresh. */
  take(message) {
    const had = this.#byId.get(message.id);
    if (had !== undefined && had.changed >= message.changed) return "";
    this.#byId.set(message.id, message);
    this.#sorted = null;
    return had === undefined ? "new" : "changed";
  }

  page(messages, more) {
    for (const message of messages) this.take(message);
    this.more = more === true;
    this.floor = more ? Math.min(this.floor, ...messages.map((message) => message.seq)) : 0;
    this.#sorted = null;
  }

  /** The messages of the room itself, oldest first; a deleted one stays only above its thread. */
  top() {
    return this.#known().filter((message) => !message.thread && (!message.deleted || message.replies > 0));
  }

  replies(parent) {
    return this.#known().filter((message) => message.thread === parent && !message.deleted);
  }

  pinned() {
    return [...this.#byId.values()].filter((message) => message.pinned && !message.deleted);
  }

  #known() {
    this.#sorted ??= [...this.#byId.values()]
      .filter((message) => message.seq >= this.floor)
      .sort((one, two) => one.seq - two.seq);
    return this.#sorted;
  }
}
