// The header's search works without this file: Enter goes to the register. With it, who is found stands below while
// one types; the arrows walk through the hits, Enter opens one, Escape closes.

import { hasModifier } from "./keyboard.js";

const box = document.getElementById("top-q");
const found = document.getElementById("top-found");
const said = document.getElementById("top-said");
const hits = () => [...found.querySelectorAll("[data-hit]")];
const answer = () => said.querySelector("[data-for]");
const isAnswered = () => answer()?.dataset.for === box.value.slice(0, 200);
let wanted = false; // Enter was pressed before the answer to the last letter had come

const show = () => (found.hidden = !box.value.trim() || !answer()?.dataset.for.trim());

function close() {
  box.focus(); // which shows it
  found.hidden = true;
}

// The one who is found is opened; several, and those whose name is only like the one typed, are in the register.
function decide() {
  wanted = false;
  const [only, ...others] = hits();
  if (only && !others.length && !answer().hasAttribute("data-close")) only.click();
  else box.form.requestSubmit();
}

function inBox(event) {
  if (event.key === "Enter" && box.value.trim()) {
    wanted = true;
    if (isAnswered()) decide();
    else htmx.trigger(box, "find");
  } else if (event.key === "ArrowDown" && !found.hidden) hits()[0]?.focus();
  else if (event.key === "Escape" && !found.hidden) found.hidden = true;
  else return false;
  return true;
}

// Down and up from one patient to another, right to what can be done with one, left back.
function amongHits(event) {
  const rows = hits().map((hit) => [...hit.closest("li").querySelectorAll("a")]);
  const row = rows.findIndex((links) => links.includes(event.target));
  const place = rows[row]?.indexOf(event.target);
  if (event.key === "Escape") close();
  else if (row < 0) return false;
  else if (event.key === "ArrowDown") (rows[row + 1]?.[0] ?? found.querySelector("button"))?.focus();
  else if (event.key === "ArrowUp") (rows[row - 1]?.[0] ?? box).focus();
  else if (event.key === "ArrowRight") rows[row][place + 1]?.focus();
  else if (event.key === "ArrowLeft") rows[row][place - 1]?.focus();
  else return false;
  return true;
}

function pressed(event) {
  if (hasModifier(event) || event.isComposing) return;
  if (event.target !== box && /^[\p{L}\p{N}]$/u.test(event.key)) {
    box.focus(); // goes on with the name, and is nobody's single key
    event.stopPropagation();
    return;
  }
  const isHeld = event.repeat && event.key === "Enter";
  if (!isHeld && !(event.target === box ? inBox : amongHits)(event)) return;
  event.preventDefault();
}

if (box) {
  box.form.addEventListener("keydown", pressed);
  box.addEventListener("focus", show);
  box.addEventListener("input", () => (found.hidden ||= !box.value.trim()));
  box.addEventListener("htmx:afterOnLoad", () => {
    show();
    if (wanted && isAnswered()) decide();
  });
  // Without an answer the register is asked, which can be waited for.
  for (const failure of ["htmx:responseError", "htmx:sendError"]) {
    document.body.addEventListener(failure, ({ detail }) => {
      if (detail.elt === box && wanted) box.form.requestSubmit();
    });
  }
  box.form.addEventListener("focusout", ({ relatedTarget }) => {
    if (relatedTarget && !box.form.contains(relatedTarget)) found.hidden = true;
  });
  document.addEventListener("click", ({ target }) => {
    if (!box.form.contains(target)) found.hidden = true;
  });
}
