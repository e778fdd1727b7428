// Everything that was said, kept up to date by server-sent events. After a break the browser names the last
// event that it had, and gets what came since.

export class Live {
  constructor() {
    this.messages = new Map();
    this.change = 0;
    this.onTime = () => {};
    this.onMessages = () => {};
    this.onLink = () => {};
    this.waiting = [];
    this.fresh = [];
    this.caughtUp = false;
  }

  start() {
    const source = new EventSource("/practice/events");
    source.addEventListener("message", (event) => this.take(JSON.parse(event.data)));
    // The time comes after every batch of messages.
    source.addEventListener("time", (event) => this.flush(new Date(JSON.parse(event.data).now)));
    source.addEventListener("open", () => this.onLink(true));
    source.addEventListener("error", () => this.onLink(false));
    addEventListener("pagehide", () => source.close());
  }

  take(message) {
    const before = this.messages.get(message.id);
    if (before && before.change >= message.change) return;
    this.messages.set(message.id, message);
    this.change = Math.max(this.change, message.change);
    this.fresh.push({ message, arrived: !before && this.caughtUp });
  }

  flush(moment) {
    const fresh = this.fresh;
    this.fresh = [];
    this.caughtUp = true;
    this.onTime(moment);
    this.onMessages(fresh);
    document.body.dataset.change = this.change;
    this.waiting = this.waiting.filter(({ there, done }) => (there() ? done() : true));
  }

  // What a person sees at a place, in order: their answers too, where only they see them.
  at(handle, place) {
    const room = place === "direct" ? `@@${handle}` : place;
    return [...this.messages.values()]
      .filter((each) => each.room === room && (!each.only || each.only === handle))
      .sort((one, other) => one.number - other.number);
  }

  // Resolves once this change has been seen, or after a few seconds without it.
  reached(change) {
    return this.until(() => this.change >= change);
  }

  has(id) {
    return this.until(() => this.messages.has(id));
  }

  until(there) {
    if (there()) return Promise.resolve();
    return new Promise((resolve) => {
      const done = () => {
        clearTimeout(timer);
        resolve();
        return false;
      };
      const timer = setTimeout(done, 5000);
      this.waiting.push({ there, done });
    });
  }
}
