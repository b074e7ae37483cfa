// The week of a doctor works without this file: then adding and removing a session asks the server.
// Here it happens at once, the strips follow what is typed, and Ctrl+Enter saves.

const form = document.getElementById("week");
const week = form.querySelector(".week");
const HOUR = 12; // steps of five minutes
const first = Number(week.dataset.first) * HOUR;
const last = Number(week.dataset.last) * HOUR;

function steps(text) {
  const typed = text.trim();
  const found = /^(\d{1,2})\s*(?:[:.h]\s*(\d{2}))?\s*h?$/i.exec(typed) || /^(\d{1,2})(\d{2})$/.exec(typed);
  if (!found) return NaN;
  const minutes = Number(found[1]) * 60 + Number(found[2] || 0);
  return minutes < 24 * 60 ? minutes / 5 : NaN;
}

function redraw(day) {
  const strip = day.querySelector(".strip");
  strip.replaceChildren();
  for (const session of day.querySelectorAll(".sessions > .session")) {
    const [from, to] = Array.from(session.querySelectorAll("input"), (input) => steps(input.value));
    const x = Math.max(from, first);
    const width = Math.min(to, last) - x;
    if (!(width > 0)) continue;
    strip.append(bar({ x: x - first, width, height: 10 }));
  }
}

function bar(attributes) {
  const rectangle = document.createElementNS("http://www.w3.org/2000/svg", "rect");
  for (const [name, value] of Object.entries(attributes)) rectangle.setAttribute(name, value);
  return rectangle;
}

form.addEventListener("click", (event) => {
  const button = event.target.closest("[data-add], [data-drop]");
  if (!button) return;
  event.preventDefault();
  const day = button.closest("[data-weekday]");
  const sessions = day.querySelector(".sessions");
  if ("add" in button.dataset) {
    sessions.append(day.querySelector("template").content.cloneNode(true));
    sessions.lastElementChild.querySelector("input").focus();
  } else {
    const session = button.closest(".session");
    const beside = session.nextElementSibling || session.previousElementSibling;
    session.remove();
    (beside?.querySelector("[data-drop]") || day.querySelector("[data-add]")).focus();
  }
  redraw(day);
});

form.addEventListener("input", (event) => {
  const day = event.target.closest("[data-weekday]");
  if (day) redraw(day);
});

form.addEventListener("keydown", (event) => {
  if (event.key !== "Enter" || !(event.ctrlKey || event.metaKey)) return;
  event.preventDefault();
  form.requestSubmit(document.getElementById("save"));
});
