// The waiting room counts its minutes, and beside a board it changes with the board.
"use strict";

{
  const room = () => document.getElementById("waiting");
  const wide = matchMedia("(min-width: 64rem) and (min-height: 36rem)");
  const beside = () => room()?.querySelector(".rail-fold");

  const unfold = () => {
    if (beside()) beside().open = wide.matches;
  };
  wide.addEventListener("change", unfold);
  unfold();

  // The server's clock: this computer's may be wrong.
  let ahead = 0;
  const listen = () => {
    ahead = Number(room()?.dataset.now) - Date.now() / 1000;
  };
  listen();
  const tick = () => {
    for (const minutes of room()?.querySelectorAll("[data-since]") || []) {
      const waited = Math.max(0, Math.floor((Date.now() / 1000 + ahead - Number(minutes.dataset.since)) / 60));
      if (minutes.textContent !== String(waited)) minutes.textContent = waited;
    }
  };
  setInterval(tick, 10000);

  // The focus stays with the person it was on, in whichever list that person is now.
  const keepFocus = (change) => {
    const focused = document.activeElement;
    const address = room()?.contains(focused) ? focused.closest(".wait")?.querySelector("a")?.getAttribute("href") : null;
    change();
    if (!address || focused.isConnected) return;
    const same = [...room().querySelectorAll("a")].find((link) => link.getAttribute("href") === address);
    (same || room().querySelector("a") || document.getElementById("main"))?.focus({ preventScroll: true });
  };

  document.body.addEventListener("board:refreshed", (event) => {
    const fresh = event.detail?.getElementById("waiting");
    if (!fresh || !room()) return;
    keepFocus(() => {
      const open = beside().open;
      fresh.querySelector(".rail-fold").open = open;
      room().replaceChildren(...fresh.childNodes);
      room().dataset.now = fresh.dataset.now;
      listen();
    });
  });

  // On its own page htmx asks for the lists.
  let giveBack = null;
  let unmarked = false;
  document.body.addEventListener("htmx:beforeSwap", (event) => {
    if (event.detail.target !== room()) return;
    const focused = document.activeElement;
    giveBack = room().contains(focused) ? focused.closest(".wait")?.querySelector("a")?.getAttribute("href") : null;
    unmarked = Boolean(document.getElementById("unmarked")?.open);
  });
  document.body.addEventListener("htmx:afterSwap", () => {
    listen();
    if (unmarked && document.getElementById("unmarked")) document.getElementById("unmarked").open = true;
    if (!giveBack || room().contains(document.activeElement)) return;
    const same = [...room().querySelectorAll("a")].find((link) => link.getAttribute("href") === giveBack);
    (same || room().querySelector("a"))?.focus({ preventScroll: true });
    giveBack = null;
  });
  const stale = document.getElementById("stale");
  if (room()?.matches(".room-lists")) {
    for (const failed of ["htmx:sendError", "htmx:responseError"]) {
      document.body.addEventListener(failed, () => (stale.hidden = false));
    }
    document.body.addEventListener("htmx:afterRequest", (event) => {
      if (event.detail.successful) stale.hidden = true;
    });
  }
}
