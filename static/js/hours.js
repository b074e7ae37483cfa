// The week of a doctor works without this file: then adding and removing a session asks the server.
// Here it happens at once, the strips follow what is typed, and Ctrl+Enter saves.

const form = document.getElementById("week");
const week = form.querySelector(".week");
const HOUR = 12; // steps of five minutes
const first = Number(week.dataset.first) * HOUR;
const last = Number(week.dataset.last) * HOUR;
const DAY = 24 * HOUR;

function steps(text) {
  const typed = text.trim();
  const found = /^(\d{1,2})\s*(?:[:.h]\s*(\d{2}))?\s*h?$/i.exec(typed) || /^(\d{1,2})(\d{2})$/.exec(typed);
  if (!found) return NaN;
  const minutes = Number(found[1]) * 60 + Number(found[2] || 0);
  return minutes <= 24 * 60 ? minutes / 5 : NaN;
}

// From when until when; past midnight the end is behind that of the day.
function sessions(day) {
  return Array.from(day.querySelectorAll(".sessions > .session"), (session) => {
    const [from, to] = Array.from(session.querySelectorAll("input"), (input) => steps(input.value));
    return [from, to <= from ? to + DAY : to];
  });
}

function redraw() {
  const days = [...week.querySelectorAll("[data-weekday]")];
  for (const [number, day] of days.entries()) {
    const strip = day.querySelector(".strip");
    strip.replaceChildren();
    const rests = sessions(days.at(number - 1)).map(([from, to]) => [from - DAY, to - DAY]);
    for (const [from, to] of [...rests, ...sessions(day)]) {
      const x = Math.max(from, first);
      const width = Math.min(to, last) - x;
      if (width > 0) strip.append(bar({ x: x - first, width, height: 10 }));
    }
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
  const rows = day.querySelector(".sessions");
  if ("add" in button.dataset) {
    rows.append(day.querySelector("template").content.cloneNode(true));
    rows.lastElementChild.querySelector("input").focus();
  } else {
    const session = button.closest(".session");
    const beside = session.nextElementSibling || session.previousElementSibling;
    session.remove();
    (beside?.querySelector("[data-drop]") || day.querySelector("[data-add]")).focus();
  }
  redraw();
});

form.addEventListener("input", redraw);

form.addEventListener("keydown", (event) => {
  if (event.key !== "Enter" || !(event.ctrlKey || event.metaKey)) return;
  event.preventDefault();
  form.requestSubmit(document.getElementById("save"));
});
