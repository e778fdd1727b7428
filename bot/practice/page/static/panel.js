// One person's side of the page: where they are, what they see there, and what they say.

import { Asking } from "./asking.js";
import { messageItem } from "./message.js";
import { Newest } from "./newest.js";
import { countBadge, initials, patientItem } from "./people.js";

const EMPTY = {
  direct: "Baton has told you nothing in private yet.",
  other: "Nothing has been said here yet.",
};

export class Panel {
  constructor(root, side, page) {
    this.root = root;
    this.side = side;
    this.page = page;
    this.place = "direct";
    this.items = new Map();
    this.lines = new Map();
    this.seen = new Map();
    this.choose = root.querySelector(".who");
    this.tabs = [...root.querySelectorAll("[role=tab]")];
    this.log = root.querySelector(".log");
    this.scroll = root.querySelector(".scroll");
    this.asking = root.querySelector(".asking");
    this.input = root.querySelector(".line input");
    this.asked = new Asking(this);
    this.newest = new Newest(this);
    this.listen();
  }

  get handle() {
    return this.choose.value;
  }

  get person() {
    return this.page.person(this.handle);
  }

  get key() {
    return `${this.handle} ${this.place}`;
  }

  get visible() {
    return this.root.offsetParent !== null;
  }

  listen() {
    this.choose.addEventListener("change", () => this.showPerson());
    this.tabs.forEach((tab) => {
      tab.addEventListener("click", () => this.go(tab.dataset.place));
      tab.addEventListener("keydown", (event) => this.stepTab(event, tab));
    });
    this.root.addEventListener("submit", (event) => {
      event.preventDefault();
      if (event.target.matches(".composer")) this.sendLine();
      else this.asked.submitted(event);
    });
    this.root.addEventListener("click", (event) => {
      const command = event.target.closest(".quick button, .patients li button");
      const reaction = event.target.closest(".reactions button");
      if (command) this.root.querySelector(".patients").open = false;
      if (command) this.asked.say({ line: command.value, label: command.textContent.trim() });
      if (reaction) this.asked.react(reaction);
    });
    this.input.addEventListener("input", () => this.lines.set(this.key, this.input.value));
  }

  async sendLine() {
    const { key } = this;
    const line = this.input.value.trim();
    if (!line || !(await this.asked.say({ line }))) return;
    this.lines.delete(key);
    if (key === this.key && this.input.value.trim() === line) this.input.value = "";
  }

  stepTab(event, tab) {
    const step = { ArrowRight: 1, ArrowLeft: -1 }[event.key];
    if (!step) return;
    event.preventDefault();
    const at = (this.tabs.indexOf(tab) + step + this.tabs.length) % this.tabs.length;
    this.go(this.tabs[at].dataset.place);
    this.tabs[at].focus();
  }

  go(place) {
    this.place = place;
    this.showPlace();
    this.page.showUnread();
    this.toNewest();
  }

  // On a phone the page scrolls, and not the messages in it.
  toNewest() {
    if (this.scroll.scrollHeight <= this.scroll.clientHeight) this.log.lastElementChild?.scrollIntoView();
  }

  receive(fresh) {
    const here = new Set(this.page.live.at(this.handle, this.place).map((each) => each.id));
    const came = fresh.filter(({ message, arrived }) => arrived && here.has(message.id));
    for (const { message } of came) {
      if (this.visible && message.author !== this.handle) {
        this.page.say(`${message.author ? message.author : "Baton"} to ${this.person?.name}: ${message.title}`);
      }
    }
    if (fresh.some(({ message }) => here.has(message.id))) this.showPlace(came.map(({ message }) => message.id));
    // Nobody has to be led to their own line or to the answer to it.
    this.newest.came(came.map(({ message }) => message).filter((each) => each.author !== this.handle && !each.asked));
    if (!this.started) this.startSeen();
  }

  // What was there when the page was opened counts as seen.
  startSeen() {
    this.started = true;
    for (const option of this.choose.options) {
      for (const tab of this.tabs) this.mark(option.value, tab.dataset.place);
    }
  }

  mark(handle, place) {
    const messages = this.page.live.at(handle, place);
    this.seen.set(`${handle} ${place}`, messages.length);
  }

  unread(handle, place) {
    return this.page.live.at(handle, place).length - (this.seen.get(`${handle} ${place}`) ?? 0);
  }

  showPerson() {
    const { person } = this;
    if (!person) return;
    const number = this.choose.selectedIndex % 10;
    const avatar = this.root.querySelector(".person .avatar");
    avatar.dataset.person = number;
    avatar.textContent = initials(person.name);
    const first = person.name.split(" ")[0];
    this.root.querySelector(".patients-title").textContent =
      `Patients in ${first}’s care: ${person.patients.length}`;
    this.root.querySelector(".patients").hidden = !person.patients.length;
    this.root.querySelector(".patients ul").replaceChildren(...person.patients.map(patientItem));
    this.showPlace();
    this.page.showUnread();
  }

  showPlace(fresh = []) {
    const { handle, place, person } = this;
    for (const tab of this.tabs) {
      const here = tab.dataset.place === place;
      tab.setAttribute("aria-selected", String(here));
      tab.tabIndex = here ? 0 : -1;
      if (here) this.root.querySelector(".place").setAttribute("aria-labelledby", tab.id);
    }
    const first = person?.name.split(" ")[0] ?? "";
    const tab = this.tabs.find((each) => each.dataset.place === place);
    this.root.querySelector(".note").textContent = tab.dataset.note ?? `Only ${first} and Baton see this.`;
    const atEnd = this.scroll.scrollHeight - this.scroll.scrollTop - this.scroll.clientHeight < 80;
    const elsewhere = this.shown !== this.key;
    this.showMessages(fresh);
    const form = this.asked.forms.get(this.key);
    if (this.asking.firstElementChild !== (form ?? null)) this.asking.replaceChildren(...(form ? [form] : []));
    if (elsewhere) {
      this.input.value = this.lines.get(this.key) ?? "";
      this.shown = this.key;
      this.newest.forget();
    }
    if (atEnd || elsewhere) this.scroll.scrollTop = this.scroll.scrollHeight;
    if (this.visible) this.mark(handle, place);
  }

  showMessages(fresh) {
    const messages = this.page.live.at(this.handle, this.place);
    const items = messages.map((message) => this.item(message, fresh.includes(message.id)));
    // Only what differs is touched, so that focus and selection stay where they are.
    items.forEach((item, at) => {
      const standing = this.log.children[at];
      if (standing !== item) this.log.insertBefore(item, standing ?? null);
    });
    while (this.log.children.length > items.length) this.log.lastElementChild.remove();
    const empty = this.root.querySelector(".empty");
    empty.hidden = messages.length > 0;
    empty.textContent = EMPTY[this.place] ?? EMPTY.other;
  }

  item(message, fresh) {
    const known = this.items.get(message.id);
    const version = `${message.change} ${this.key}`;
    if (known?.dataset.version === version) return known;
    const hadFocus = known?.contains(document.activeElement);
    const item = messageItem(message, this.page, { reactions: this.place === "room" });
    item.dataset.version = version;
    item.classList.toggle("fresh", fresh);
    this.items.set(message.id, item);
    if (known?.isConnected) known.replaceWith(item);
    if (hadFocus) item.focus();
    return item;
  }

  showUnread() {
    for (const tab of this.tabs) {
      const count = this.unread(this.handle, tab.dataset.place);
      tab.querySelector(".count")?.remove();
      if (count > 0) tab.append(countBadge(count));
    }
    for (const option of this.choose.options) {
      const person = this.page.person(option.value);
      if (!person) continue;
      const count = this.unread(option.value, "direct");
      const role = person.role ? `, ${person.role.toLowerCase()}` : "";
      const text = `${person.name}${role}${person.away ? " (away)" : ""}${count > 0 ? ` · ${count} new` : ""}`;
      if (option.textContent !== text) option.textContent = text;
    }
  }
}
