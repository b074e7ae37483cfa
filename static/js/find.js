// Finding a time works without this file. With it, Enter anywhere in the wishes finds, and arrows walk
// through the times found.

import { arrowStep, hasModifier } from "./keyboard.js";

const wishes = document.getElementById("wishes");

wishes.addEventListener("keydown", (event) => {
  if (event.key !== "Enter" || event.repeat || !event.target.matches("input, select")) return;
  event.preventDefault();
  wishes.requestSubmit();
});

document.addEventListener("keydown", (event) => {
  const starts = [...document.querySelectorAll(".starts a")];
  const here = starts.indexOf(event.target);
  const step = arrowStep(event);
  if (!step || here < 0 || hasModifier(event)) return;
  event.preventDefault();
  starts[here + step]?.focus();
});

// Nothing that was left open stands in the address.
wishes.addEventListener("formdata", (event) => {
  const fields = [...event.formData]; // those of a copy, as it changes meanwhile
  for (const [name, value] of fields) {
    if (!value && name !== "part") event.formData.delete(name);
  }
});
