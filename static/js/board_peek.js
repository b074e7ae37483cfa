// What is known of a visit opens beside its column when somebody rests on its card, with the mouse or by keys. A
// tap opens the visit itself; without this file everything does.

import { isSheet } from "./board_cells.js";
import { linkTo } from "./page.js";

const RESTS = 350; // milliseconds on a card: who passes over it asks for nothing
const LEAVES = 300; // to get from the card to what was opened
const GAP = 6; // pixels
const peek = document.getElementById("peek");
const isOpen = () => peek.matches(":popover-open");
const cardOf = (event) => event.target.closest?.(".board .v > a") ?? null;
const isMouse = (event) => event.pointerType !== "touch";
let shown = null; // the card that it belongs to
let refused = null; // a card whose own was closed by Escape: not again until one has left it
let timer = 0;
let pointed = null; // what the mouse is on: a card, or what was opened

function close() {
  clearTimeout(timer);
  shown?.removeAttribute("aria-details");
  shown = null;
  if (isOpen()) peek.hidePopover();
}

const overlap = (one, other) =>
  Math.max(0, Math.min(one.right, other.right) - Math.max(one.left, other.left)) *
  Math.max(0, Math.min(one.bottom, other.bottom) - Math.max(one.top, other.top));

// Beside the column, on the side and at the height where it hides the least of other visits.
function places() {
  const [card, column] = [shown, shown.closest(".doc")].map((each) => each.getBoundingClientRect());
  const { width, height } = peek.getBoundingClientRect();
  const highest = (top) => Math.max(GAP, Math.min(top, innerHeight - height - GAP));
  const tops = [card.top, card.bottom - height, (card.top + card.bottom - height) / 2].map(highest);
  const sides = [column.right + GAP, column.left - width - GAP];
  const fitting = sides.filter((left) => left >= GAP && left + width <= innerWidth - GAP);
  const found = fitting.flatMap((left) => tops.map((top) => [left, top]));
  if (found.length === 0) {
    // The column is as wide as the window: below the card, or above it.
    for (const top of [card.bottom + GAP, card.top - height - GAP]) {
      found.push([Math.min(card.right, innerWidth - GAP) - width, highest(top)]);
    }
  }
  return found.map(([left, top]) => ({ left, top, right: left + width, bottom: top + height }));
}

function place() {
  const cards = [...document.querySelectorAll(".board .v > a")].map((each) => each.getBoundingClientRect());
  const hides = (area) => cards.reduce((sum, card) => sum + overlap(area, card), 0);
  let best = null;
  for (const area of places()) {
    const hidden = hides(area);
    if (!best || hidden < best.hidden) best = { ...area, hidden };
  }
  peek.style.left = `${best.left}px`;
  peek.style.top = `${best.top}px`;
}

async function open(card) {
  shown?.removeAttribute("aria-details");
  shown = card;
  let html = "";
  try {
    const answer = await fetch(new URL("card/", card.href), { headers: { "HX-Request": "true" }, redirect: "error" });
    if (answer.ok) html = await answer.text();
  } catch {
    // The board says by itself when the server is away.
  }
  if (shown !== card) return;
  if (!html || !card.isConnected || document.body.dataset.dragging) {
    close();
    return;
  }
  peek.replaceChildren(...new DOMParser().parseFromString(html, "text/html").body.childNodes);
  card.setAttribute("aria-details", "peek");
  if (!isOpen()) peek.showPopover();
  place();
}

function soon(card) {
  if (card !== refused) refused = null;
  clearTimeout(timer);
  if (card && card !== shown && card !== refused && isSheet.matches) timer = setTimeout(open, RESTS, card);
}

// Open for as long as the mouse or the focus is on the card, or on what it opened.
function leave() {
  refused = null;
  clearTimeout(timer);
  const { activeElement } = document;
  const isHeld = pointed || peek.contains(activeElement) || (activeElement === shown && shown?.matches(":focus-visible"));
  if (!isHeld) timer = setTimeout(close, LEAVES);
}

document.addEventListener("pointerover", (event) => {
  if (!isMouse(event)) return;
  const card = cardOf(event);
  const was = pointed;
  pointed = card ?? (peek.contains(event.target) ? peek : null);
  if (card) soon(card);
  else if (pointed) clearTimeout(timer);
  else if (was) leave();
});
document.documentElement.addEventListener("pointerleave", () => {
  pointed = null;
  leave();
});
document.addEventListener("focusin", (event) => {
  const card = cardOf(event);
  if (card?.matches(":focus-visible")) soon(card);
  else if (!peek.contains(event.target)) leave();
});

// Before all others that listen for Escape: it closes what was opened, and nothing besides.
document.addEventListener(
  "keydown",
  (event) => {
    if (event.key !== "Escape" || !isOpen() || document.querySelector("dialog[open]")) return;
    event.preventDefault();
    event.stopPropagation();
    const card = shown;
    const hadFocus = peek.contains(document.activeElement);
    close();
    refused = card;
    if (hadFocus) card.focus();
  },
  true,
);
document.addEventListener("pointerdown", (event) => {
  if (!peek.contains(event.target)) close();
});
document.addEventListener("dragstart", close);
document.addEventListener(
  "scroll",
  () => {
    if (isOpen() && shown) place();
  },
  true,
);
addEventListener("resize", close);
document.body.addEventListener("board:refreshed", () => {
  if (!shown || shown.isConnected) return;
  const card = linkTo(shown.getAttribute("href"), document.querySelector(".board"));
  if (card) open(card);
  else close();
});
