// What one side of the page asks of Baton, and where the focus goes with the answer.

import { post } from "./http.js";

export class Asking {
  constructor(panel) {
    this.panel = panel;
    this.forms = new Map(); // what is being filled in, by person and place: kept while one looks elsewhere
    this.underWay = new Map(); // by what is asked: a double click asks once
    this.turn = Promise.resolve();
  }

  // A typed line (without a label), or a button.
  say(what) {
    return this.ask("/practice/say", what);
  }

  react(button) {
    const message = button.closest(".message").dataset.id;
    return this.ask("/practice/react", { message, reaction: button.value });
  }

  // A card's buttons are a form, and so is a form.
  submitted(event) {
    const form = event.target;
    const button = event.submitter;
    if (form.matches(".choices")) {
      this.say({ line: button.value, label: button.textContent.trim() });
    } else if (button?.name === "cancel") {
      this.cancel();
    } else {
      this.send(form);
    }
  }

  send(form) {
    const said = new FormData(form);
    const values = {};
    for (const [name, value] of said) {
      if (name.startsWith("answer.")) values[name.slice("answer.".length)] = value;
    }
    const label = form.querySelector(".form-title").textContent.trim();
    this.say({ command: said.get("command"), values, label });
  }

  cancel() {
    const { panel } = this;
    this.forms.delete(panel.key);
    panel.showPlace();
    panel.input.focus();
    panel.page.say("Cancelled. Nothing was sent.");
  }

  // True if there was an answer. One thing is asked after the other.
  ask(address, what) {
    const { handle, place, key } = this.panel;
    const same = JSON.stringify([address, key, what]);
    if (!this.underWay.has(same)) {
      const id = address.endsWith("say") ? { id: crypto.randomUUID() } : {};
      const asking = this.turn.then(() => this.askNow(address, key, { as: handle, room: place, ...what, ...id }));
      this.turn = asking.finally(() => this.underWay.delete(same));
      this.underWay.set(same, asking);
    }
    return this.underWay.get(same);
  }

  // What was refused stays in its form, so that nothing typed is lost.
  async askNow(address, key, what) {
    const { panel } = this;
    const { page } = panel;
    panel.root.setAttribute("aria-busy", "true");
    try {
      const answer = await post(address, what);
      page.trouble("");
      if (answer.form) this.open(key, answer.form.html);
      else if (answer.outcome === "done" && what.command) this.forms.delete(key);
      if (answer.message) await page.live.has(answer.message);
      if (key === panel.key) this.focusOn(answer);
      return true;
    } catch (error) {
      page.trouble(error.message);
      return false;
    } finally {
      panel.root.setAttribute("aria-busy", "false");
      page.refreshPeople().catch((error) => page.trouble(error.message));
    }
  }

  open(key, html) {
    const holder = document.createElement("template");
    holder.innerHTML = html; // made and escaped by the server
    const form = holder.content.firstElementChild;
    form.noValidate = true; // the server says what is wrong, on the field and in words
    this.forms.set(key, form);
  }

  focusOn(answer) {
    const { panel } = this;
    panel.showPlace();
    const form = panel.asking.querySelector("form");
    if (answer.form && form) {
      const fields = [...form.querySelectorAll(".field-input")];
      const wrong = form.querySelector("[aria-invalid=true]");
      const first = wrong ?? fields.find((each) => !each.value) ?? fields[0] ?? form.querySelector("button");
      first.focus({ preventScroll: true });
      (wrong ?? form).scrollIntoView({ block: wrong ? "center" : "start" });
      return;
    }
    const item = panel.items.get(answer.message);
    if (!item) return;
    item.focus({ preventScroll: true });
    const fits = item.offsetHeight < Math.min(panel.scroll.clientHeight, 0.7 * innerHeight);
    item.scrollIntoView({ block: fits ? "nearest" : "start" });
  }
}
