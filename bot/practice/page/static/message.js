// One message as an item of the log.

import { initials } from "./people.js";

export function messageItem(message, page, { reactions }) {
  const item = document.createElement("li");
  item.className = message.only ? "message alone" : "message";
  item.dataset.id = message.id;
  item.tabIndex = -1;
  item.append(heading(message, page), body(message));
  if (reactions && message.reactions.length) item.append(reactionRow(message));
  return item;
}

function heading(message, page) {
  const header = document.createElement("header");
  const author = message.author ? page.person(message.author) : null;
  const avatar = element("span", "avatar", author ? initials(author.name) : "B");
  avatar.setAttribute("aria-hidden", "true");
  if (author) avatar.dataset.person = page.people.indexOf(author) % 10;
  else avatar.classList.add("baton");
  header.append(avatar, element("strong", "", author?.name ?? (message.author || "Baton")));
  // In private it is clear who is called.
  if (message.calls.length && !message.room.startsWith("@@")) header.append(element("span", "calls", `calls ${message.calls.join(", ")}`));
  const time = element("time", "", at(message.at, page.zone));
  time.dateTime = message.at;
  header.append(time);
  if (message.edited) header.append(element("span", "aside", `changed ${at(message.edited, page.zone)}`));
  if (message.asked) header.append(element("span", "aside", `answers “${message.asked}”`));
  if (message.only) header.append(element("span", "aside", "only you see this"));
  return header;
}

function body(message) {
  if (!message.card) {
    const typed = element("p", "typed", message.text);
    typed.dir = "auto";
    return typed;
  }
  const holder = document.createElement("template");
  holder.innerHTML = message.html; // made and escaped by the server
  return holder.content;
}

function reactionRow(message) {
  const row = element("div", "reactions", "");
  row.setAttribute("role", "group");
  row.setAttribute("aria-label", "React, as in Matrix");
  for (const [reaction, label] of message.reactions) {
    const button = element("button", "", reaction);
    button.type = "button";
    button.value = reaction;
    button.setAttribute("aria-label", `React ${reaction}: ${label}`);
    row.append(button);
  }
  return row;
}

function at(moment, zone) {
  const when = new Date(moment);
  const words = { hour: "2-digit", minute: "2-digit", timeZone: zone };
  return when.toLocaleString("en-GB", { weekday: "short", ...words });
}

function element(name, kind, text) {
  const made = document.createElement(name);
  if (kind) made.className = kind;
  made.textContent = text;
  return made;
}
