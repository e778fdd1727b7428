// People as they are shown: their initials, what is new for them, and the patients in their care.

export function initials(name) {
  return name
    .split(" ")
    .map((word) => word[0])
    .join("")
    .slice(0, 2);
}

export function countBadge(count) {
  const badge = document.createElement("span");
  badge.className = "count";
  badge.textContent = count;
  const words = document.createElement("span");
  words.className = "sr-only";
  words.textContent = " new";
  badge.append(words);
  return badge;
}

export function patientItem(patient) {
  const item = document.createElement("li");
  const who = document.createElement("span");
  who.dir = "auto";
  who.textContent = `${patient.name} `;
  const code = document.createElement("code");
  code.textContent = patient.code;
  who.append(code);
  item.append(
    who,
    commandButton("Hand over", `handoff offer ${patient.code}`, patient.code),
    commandButton("Measures", `assess ${patient.code}`, patient.code),
    commandButton("Chart", `chart ${patient.code}`, patient.code),
    commandButton("Show", `patient show ${patient.code}`, patient.code),
  );
  return item;
}

function commandButton(label, line, about) {
  const button = document.createElement("button");
  button.type = "button";
  button.value = line;
  button.textContent = label;
  const words = document.createElement("span");
  words.className = "sr-only";
  words.textContent = ` ${about}`;
  button.append(words);
  return button;
}
