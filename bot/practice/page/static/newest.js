// What came while one looked further up: how much it is, and the way to it.

export class Newest {
  constructor(panel) {
    this.panel = panel;
    this.button = panel.root.querySelector(".newest");
    this.unseen = new Set(); // ids of messages, as they came
    this.watch = new IntersectionObserver((entries) => this.looked(entries));
    this.button.addEventListener("click", () => this.go());
  }

  came(messages) {
    for (const { id } of messages) this.watch.observe(this.panel.items.get(id));
  }

  looked(entries) {
    for (const { target, isIntersecting } of entries) {
      // A card that is edited is a new item: the old one is not looked for any more.
      const item = this.panel.items.get(target.dataset.id);
      if (item !== target) this.watch.unobserve(target);
      if (isIntersecting || !item?.isConnected) this.saw(target);
      else this.unseen.add(target.dataset.id);
      if (item !== target && item?.isConnected) this.watch.observe(item);
    }
    this.show();
  }

  saw(item) {
    this.watch.unobserve(item);
    this.unseen.delete(item.dataset.id);
  }

  go() {
    const [first] = this.unseen;
    const item = this.panel.items.get(first);
    item?.scrollIntoView({ block: "start" });
    item?.focus({ preventScroll: true });
  }

  // Elsewhere one begins with what is newest.
  forget() {
    this.watch.disconnect();
    this.unseen.clear();
    this.show();
  }

  show() {
    const count = this.unseen.size;
    this.button.hidden = !count;
    this.button.textContent = `${count} new ${count === 1 ? "message" : "messages"} below`;
  }
}
