// The booking form works without this file. With it, the keyboard is enough: arrows and Enter in the patients
// found, Enter to the next thing that is missing. Ctrl+Enter saves from anywhere (keys.js).

import { asTyped, sayBack } from "./days.js";
import { offerGiven } from "./given.js";
import { arrowStep, hasModifier } from "./keyboard.js";
import { patientsFound } from "./patients_found.js";

const form = document.getElementById("booking");
const { box, hits, isAnswered, lookUp, inBox, amongPatients, answered } = patientsFound({ decide, take });
const given = offerGiven(form);
const summary = document.getElementById("summary");
let from = null; // where the focus was when Enter was pressed before the free times had come
let lost = null; // where the focus was in a part that is being replaced
let ticked = null;

const field = (name) => form.elements.namedItem(name);
const found = () => [...hits.querySelectorAll("[name=patient]:not(:checked)")];
const answer = () => hits.querySelector("[data-for]");
const changed = () => form.dispatchEvent(new Event("change", { bubbles: true }));
const firstEmpty = (...names) => names.map(field).find((input) => input && !input.value);

function next() {
  if (!form.querySelector("[name=patient]:checked")) return box;
  if (field("patient").value === "new") {
    const missing = firstEmpty("patient_name");
    if (missing) return missing;
  }
  const types = [...form.querySelectorAll("[name=visit_type]")];
  if (types.length && !types.some((type) => type.checked)) return given.firstType() ?? types[0];
  if (!field("day").value || !field("time").value) {
    return form.querySelector("#times [data-fills]") ?? firstEmpty("doctor", "day", "time");
  }
  return firstEmpty("doctor") ?? field("description");
}

// On to the next thing; free times that are still on their way are waited for.
function advance() {
  const target = next();
  const isBefore = ["q", "patient_name", "patient_lastname", "visit_type"].includes(target.name);
  const isOpen = !field("day").value || !field("time").value;
  const waits = isOpen && !isBefore && summary.classList.contains("htmx-request");
  from = waits ? document.activeElement : null;
  if (!waits) target.focus();
}

function take(radio) {
  radio.checked = true;
  if (radio.value === "new") {
    const { name, lastname } = answer()?.dataset ?? {};
    if (!field("patient_name").value && !field("patient_lastname").value) {
      field("patient_name").value = name ?? "";
      field("patient_lastname").value = lastname ?? "";
    }
    changed();
    return (firstEmpty("patient_name", "patient_lastname", "date_of_birth", "phone") ?? next()).focus();
  }
  // The others go: what stays is who was chosen.
  for (const other of found()) other.closest("li").remove();
  box.value = "";
  if (answer()) answer().dataset.for = "";
  const name = radio.closest("label").querySelector("b").textContent;
  document.getElementById("hits-said").textContent = form.dataset.chosen.replace("%", name);
  // Type and doctor of the last visit are proposed: Enter agrees.
  given.propose(radio.dataset);
  const specialty = field("specialty");
  if (specialty && !specialty.value && !field("doctor").value) specialty.value = radio.dataset.usualSpecialty ?? "";
  changed();
  const proposed = given.proposedType();
  if (proposed) proposed.focus();
  else advance();
}

// Enter in the box: the one patient found is taken; among several, or where the name is only like the one that was
// typed, one is chosen, having read them.
function decide() {
  const among = found();
  if (among.length === 1 && box.value.trim() && !answer().hasAttribute("data-close")) return take(among[0]);
  if (among.length) return among[0].focus();
  if (box.value.trim()) return (document.getElementById("new-patient") ?? box).focus(); // not everybody may add one
  next().focus();
}

function amongTimes(event) {
  const all = [...event.target.closest("#times").querySelectorAll(".slots button")];
  const step = arrowStep(event);
  if (!step) return false;
  all[all.indexOf(event.target) + step]?.focus();
  return true;
}

function plainField(event) {
  if (event.key !== "Enter" || !event.target.matches("input, select")) return false;
  // A box that is open for its own button, and a search of its own, are not steps of the form.
  if (event.target.closest(".overbook")) return true;
  const { target } = event;
  target.blur(); // what was typed counts as a change now, so that what follows from it is waited for
  target.focus();
  advance();
  return true;
}

form.addEventListener("keydown", (event) => {
  if (hasModifier(event) || event.isComposing) return;
  // A letter never leaves a half-filled form for another page; among patients it goes on with the name.
  if (/^[\p{L}\p{N}]$/u.test(event.key)) {
    event.stopPropagation();
    if (event.target.matches("#patient-choice [name=patient]")) box.focus();
    return;
  }
  let handle = plainField;
  if (event.target === box) handle = inBox;
  else if (event.target.matches("#patient-choice [name=patient]")) handle = amongPatients;
  else if (event.target.matches("#times .slots button")) handle = amongTimes;
  // A key held down never runs through the form.
  const isHeld = event.repeat && event.key === "Enter" && !event.target.matches("textarea");
  if (isHeld || handle(event)) event.preventDefault();
});

function fill(button) {
  const [doctor, start] = button.value.split("|");
  given.taken();
  field("doctor").value = doctor;
  field("day").value = asTyped(start.slice(0, 10));
  sayBack(field("day"));
  field("time").value = start.slice(11, 16);
  const offset = document.getElementById("offset");
  if (offset) offset.value = start.slice(19);
  changed();
  next().focus();
}

form.addEventListener("click", (event) => {
  const button = event.target.closest("button");
  if (button?.matches("[data-fills]")) {
    event.preventDefault();
    fill(button);
  } else if (button?.id === "find-patient") {
    event.preventDefault();
    lookUp();
  } else if (event.detail && event.target.matches("#patient-choice [name=patient]")) {
    take(event.target); // by mouse or finger
  }
});

// Another day or time, typed, is no longer the one whose offset a link or a button brought.
form.addEventListener("input", (event) => {
  const offset = document.getElementById("offset");
  if (offset && (event.target.name === "day" || event.target.name === "time")) offset.value = "";
});

form.addEventListener("change", (event) => {
  if (event.target.id !== "another-person") return;
  ticked = event.target.checked ? event.target.value : null;
  if (ticked) advance();
});

// An answer that was asked for before somebody was chosen would take the choice away: it is asked for again.
document.body.addEventListener("htmx:beforeSwap", ({ detail }) => {
  if (detail.target !== hits) return;
  const sent = detail.requestConfig.formData.get("patient");
  if (sent === (form.querySelector("[name=patient]:checked")?.value ?? null)) return;
  detail.shouldSwap = false;
  if (!isAnswered()) htmx.trigger(box, "find");
});

// A part that is replaced while the focus is in it gives it to the same button, or to the first.
document.body.addEventListener("htmx:oobBeforeSwap", ({ detail: { target } }) => {
  if (target.contains(document.activeElement))
    lost = { part: target.id, value: document.activeElement.value };
});

// A box that was ticked while an older answer was on its way stays ticked.
document.body.addEventListener("htmx:oobAfterSwap", () => {
  const tick = document.getElementById("another-person");
  if (tick && tick.value === ticked) tick.checked = true;
});

function giveBack() {
  const part = lost && document.getElementById(lost.part);
  const buttons = part ? [...part.querySelectorAll("button")] : [];
  if (document.activeElement === document.body) {
    (buttons.find((button) => button.value === lost?.value) ?? buttons[0])?.focus();
  }
  lost = null;
}

document.body.addEventListener("htmx:afterSettle", (event) => {
  if (event.target === summary && from && !summary.classList.contains("htmx-request")) {
    if (document.activeElement === from || document.activeElement === document.body) next().focus();
    from = null;
  }
  if (event.target === summary) giveBack();
  if (event.target !== hits) return;
  const chosen = hits.querySelector(":checked");
  if (event.detail.requestConfig?.elt.name === "use" && chosen) take(chosen);
  else answered();
});

// What was typed before the scripts were there is looked for now; htmx listens from this event on.
document.addEventListener("DOMContentLoaded", () => {
  if (!isAnswered()) htmx.trigger(box, "find");
});

// The booking outlives its page: the address names it as soon as something worth keeping is typed, and what was
// typed last is sent when the page is left, by whatever way. Not when it is sent to be booked.
const worth = form.dataset.worth.split(" ");
let isTyped = false;
let isSent = false;
form.addEventListener("input", ({ target }) => {
  if (isTyped || !worth.includes(target.name)) return;
  isTyped = true;
  history.replaceState(history.state, "", `${form.getAttribute("action")}?draft=${field("uuid").value}`);
});
form.addEventListener("submit", () => (isSent = true));
addEventListener("pagehide", () => {
  if (isTyped && !isSent) navigator.sendBeacon(form.dataset.draft, new FormData(form));
});
