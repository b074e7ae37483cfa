// Correcting a visit works without this file. With it, Enter and the arrows choose among the patients found, and
// no letter leaves the form for another page.

import { hasModifier } from "./keyboard.js";
import { patientsFound } from "./patients_found.js";

const form = document.getElementById("edit");
const { box, hits, radios, lookUp, inBox, amongPatients, answered } = patientsFound({ decide: enterList, take });

function enterList() {
  const found = radios();
  (found.find((radio) => !radio.checked) ?? found[0])?.focus();
}

function take(radio) {
  radio.checked = true;
  radio.dispatchEvent(new Event("change", { bubbles: true }));
}

function inField(event) {
  if (event.key !== "Enter" || !event.target.matches("input")) return false;
  event.target.dispatchEvent(new Event("change", { bubbles: true })); // Enter in a field saves nothing
  return true;
}

form.addEventListener("keydown", (event) => {
  if (hasModifier(event) || event.isComposing) return;
  // A letter never leaves a form that is being filled in.
  if (/^[\p{L}\p{N}]$/u.test(event.key)) return event.stopPropagation();
  let handle = inField;
  if (event.target === box) handle = inBox;
  else if (event.target.matches("#hits [name=patient]")) handle = amongPatients;
  if (handle(event)) event.preventDefault();
});

form.addEventListener("click", (event) => {
  if (event.target.closest("#find-patient")) {
    event.preventDefault();
    lookUp();
  }
});

document.body.addEventListener("htmx:afterSettle", ({ target }) => {
  if (target === hits) answered();
});
