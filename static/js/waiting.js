// The waiting room counts its minutes, and beside a board it changes with the board.

import { countMinutes, linkTo } from "./page.js";

const hasRoomBeside = matchMedia("(width >= 73.75rem) and (height >= 36rem)");
const room = () => document.getElementById("waiting");
const fold = () => room()?.querySelector(".rail-fold");
const unmarked = () => document.getElementById("unmarked");
let ahead = 0; // of this computer's clock is the server's

function unfold() {
  if (fold()) fold().open = hasRoomBeside.matches;
}

function readClock() {
  ahead = Number(room()?.dataset.now) - Date.now() / 1000;
}

function tick() {
  if (room()) countMinutes(room(), Date.now() / 1000 + ahead);
}

// The focus stays with the person it was on, in whichever list that person is now.
function rememberFocus() {
  const focused = document.activeElement;
  const row = room()?.contains(focused) ? focused.closest(".wait") : null;
  const address = row?.querySelector("a")?.getAttribute("href");
  return () => {
    if (!address || focused.isConnected) return;
    const next = linkTo(address, room()) || room().querySelector("a") || document.getElementById("main");
    next?.focus({ preventScroll: true });
  };
}

hasRoomBeside.addEventListener("change", unfold);
unfold();
readClock();
setInterval(tick, 10000);

document.body.addEventListener("board:refreshed", (event) => {
  const fresh = event.detail?.getElementById("waiting");
  if (!fresh || !room()) return;
  const giveBack = rememberFocus();
  fresh.querySelector(".rail-fold").open = fold().open;
  room().replaceChildren(...fresh.childNodes);
  room().dataset.now = fresh.dataset.now;
  readClock();
  giveBack();
});

// On its own page htmx asks for the lists.
if (room()?.matches(".room-lists")) {
  const stale = document.getElementById("stale");
  let giveBack = null;
  let wasOpen = false;

  document.body.addEventListener("htmx:beforeSwap", (event) => {
    if (event.detail.target !== room()) return;
    giveBack = rememberFocus();
    wasOpen = Boolean(unmarked()?.open);
  });
  document.body.addEventListener("htmx:afterSwap", () => {
    readClock();
    if (wasOpen && unmarked()) unmarked().open = true;
    giveBack?.();
    giveBack = null;
  });
  for (const failure of ["htmx:sendError", "htmx:responseError"]) {
    document.body.addEventListener(failure, () => (stale.hidden = false));
  }
  document.body.addEventListener("htmx:afterRequest", (event) => {
    if (event.detail.successful) stale.hidden = true;
  });
}
