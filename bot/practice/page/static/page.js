// The practice page: two people side by side, what they see, and the time.

import { Live } from "./live.js";
import { Panel } from "./panel.js";
import { post, read } from "./http.js";
import { countBadge } from "./people.js";

const zone = document.body.dataset.zone;
const trouble = document.getElementById("trouble");
const heard = document.getElementById("heard");
const now = document.getElementById("now");
const panels = {};
const sides = new Map(
  [...document.querySelectorAll(".sides button")].map((button) => [button.dataset.side, button]),
);

const page = {
  zone,
  people: [],
  live: new Live(),

  person(handle) {
    return this.people.find((each) => each.as === handle);
  },

  // What went wrong, where everybody sees it; "" when it is over.
  trouble(says) {
    trouble.hidden = !says;
    trouble.textContent = says;
  },

  // For those who listen rather than look.
  say(words) {
    heard.textContent = words;
  },

  async refreshPeople() {
    this.people = (await read("/practice/people")).people;
    Object.values(panels).forEach((panel) => panel.showPerson());
    this.showUnread();
  },

  showUnread() {
    for (const [side, panel] of Object.entries(panels)) {
      panel.showUnread();
      const count = panel.unread(panel.handle, "direct");
      sides.get(side).replaceChildren(panel.person?.name ?? panel.handle, ...(count > 0 ? [countBadge(count)] : []));
    }
  },
};

function show(side) {
  document.querySelector(".panels").dataset.shown = side;
  for (const [name, button] of sides) button.setAttribute("aria-pressed", String(name === side));
  Object.values(panels).forEach((panel) => panel.showPlace());
  page.showUnread();
}

let ahead = 0;
function showTime() {
  const moment = new Date(Date.now() + ahead);
  const words = { weekday: "short", day: "numeric", month: "short", hour: "2-digit", minute: "2-digit" };
  const place = zone.split("/").pop().replaceAll("_", " ");
  now.textContent = `${moment.toLocaleString("en-GB", { ...words, timeZone: zone })} (${place})`;
  now.dateTime = moment.toISOString();
}

async function letPass(step, button) {
  const steps = document.querySelectorAll(".steps button");
  steps.forEach((each) => (each.disabled = true));
  try {
    const answer = await post("/practice/forward", step);
    ahead = new Date(answer.now) - Date.now();
    showTime();
    await page.live.reached(answer.change);
    page.say(`It is now ${now.textContent}.`);
    await page.refreshPeople();
  } catch (error) {
    page.trouble(error.message);
  } finally {
    steps.forEach((each) => (each.disabled = false));
    button.focus();
  }
}

for (const button of document.querySelectorAll(".steps button")) {
  const { minutes, until } = button.dataset;
  button.addEventListener("click", () => letPass(until ? { until } : { minutes: Number(minutes) }, button));
}
for (const [side, button] of sides) {
  button.addEventListener("click", () => {
    show(side);
    panels[side].root.focus();
    panels[side].toNewest();
  });
}

page.live.onTime = (moment) => {
  ahead = moment - Date.now();
  showTime();
};
page.live.onMessages = (fresh) => {
  Object.values(panels).forEach((panel) => panel.receive(fresh));
  page.showUnread();
};
page.live.onLink = (works) => page.trouble(works ? "" : "The practice page is not answering. Trying again…");

const guide = document.getElementById("guide");
guide.open = localStorage.getItem("guide") !== "closed";
guide.addEventListener("toggle", () => localStorage.setItem("guide", guide.open ? "open" : "closed"));

for (const side of sides.keys()) panels[side] = new Panel(document.getElementById(side), side, page);
await page.refreshPeople();
show("left");
page.live.start();
setInterval(showTime, 5000);
