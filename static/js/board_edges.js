// The lower edge of a card, dragged, makes its visit longer or shorter: the page that corrects it comes up with the
// new length, as the key for it does, and asks to save it. For a mouse only.

import { GRAIN, isSheet, rowsOf } from "./board_cells.js";

const EDGE = 6; // pixels
const CARD = ".board:not(.is-choosing) .v:is(.st-pe, .st-co, .st-ar, .st-ip) > a";
let held = null; // {card, slip, was, rows, height, from}
let isGivenUp = false; // by Esc, while the button is still down

const heightAt = (event, slip) => event.clientY + slip.closest(".board").scrollTop;

function edgeAt(event) {
  const card = isSheet.matches && event.target.closest?.(CARD);
  return card && card.getBoundingClientRect().bottom - event.clientY <= EDGE ? card : null;
}

function show(rows) {
  held.slip.classList.replace(`n${held.rows}`, `n${rows}`);
  held.rows = rows;
  held.card.dataset.longerBy = `${rows < held.was ? "−" : "+"}${Math.abs(rows - held.was) * GRAIN}`;
}

function letGo() {
  const { card, slip } = held;
  card.draggable = true;
  delete card.dataset.longerBy;
  delete document.body.dataset.dragging;
  slip.classList.remove("is-stretched");
  held = null;
}

document.addEventListener("pointerdown", (event) => {
  const card = event.button === 0 && event.pointerType === "mouse" ? edgeAt(event) : null;
  if (!card) return;
  const slip = card.parentElement;
  const rows = rowsOf(card);
  held = { card, slip, was: rows, rows, height: slip.clientHeight / rows, from: heightAt(event, slip) };
  card.draggable = false; // else the whole card is
  slip.classList.add("is-stretched");
  document.body.dataset.dragging = "yes"; // board_changes.js replaces nothing meanwhile
  event.preventDefault();
});

document.addEventListener("pointermove", (event) => {
  if (!held) {
    event.target.closest?.(CARD)?.classList.toggle("at-edge", Boolean(edgeAt(event)));
    return;
  }
  const rows = held.was + Math.round((heightAt(event, held.slip) - held.from) / held.height);
  show(Math.max(1, rows));
});

// The press that ends a drag opens nothing.
function swallowPress() {
  const swallow = (event) => event.preventDefault();
  addEventListener("click", swallow, { capture: true, once: true });
  setTimeout(() => removeEventListener("click", swallow, { capture: true }));
}

document.addEventListener("pointerup", () => {
  if (held || isGivenUp) swallowPress();
  isGivenUp = false;
  if (!held) return;
  const { card, slip, was, rows } = held;
  letGo();
  if (rows === was) return;
  slip.classList.replace(`n${rows}`, `n${was}`);
  const address = card.getAttribute("href");
  dispatchEvent(new CustomEvent("clinic:leaving", { detail: address }));
  const next = encodeURIComponent(location.pathname + location.search);
  location.assign(`${address}edit/?longer_by=${(rows - was) * GRAIN}&next=${next}`);
});

document.addEventListener("keydown", (event) => {
  if (!held || event.key !== "Escape") return;
  show(held.was);
  letGo();
  isGivenUp = true;
  event.preventDefault();
});
