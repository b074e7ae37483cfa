// Finding a time works without this file. With it, the times beside the wishes follow each change while the focus
// stays; Enter anywhere in the wishes leads to the first of them, and arrows walk through them.

import { offerGiven } from "./given.js";
import { arrowStep, hasModifier } from "./keyboard.js";

const wishes = document.getElementById("wishes");
offerGiven(wishes);

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

// On its way to the page of the answer, nothing is asked for beside.
let isLeaving = false;
wishes.addEventListener("submit", () => (isLeaving = true));
wishes.addEventListener("htmx:beforeRequest", (event) => {
  if (isLeaving) event.preventDefault();
});

// The address says what is shown, so that it can be kept, reloaded and come back to.
document.body.addEventListener("htmx:afterSwap", ({ detail }) => {
  if (detail.requestConfig?.elt === wishes) history.replaceState(null, "", detail.pathInfo.finalRequestPath);
});
