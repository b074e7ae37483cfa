// The board works without this file. It lets the arrows move between the cells, opens the board at the present hour, and keeps
// the doctors in view when the day is turned.
"use strict";

{
  const wide = matchMedia("(min-width: 48.0625rem)");
  const board = () => document.querySelector(".board");
  const columns = () => [...document.querySelectorAll(".board .doc")];
  const heads = (column) => [...column.querySelectorAll(":scope > header a")];
  const cells = (column) => [...column.querySelectorAll(".day > li > a")];
  const rowOf = (cell) => Number(/(?:^| )t(\d+)/.exec(cell.parentElement.className)?.[1]);

  const nearest = (among, row) =>
    among.reduce((best, cell) => (best && Math.abs(rowOf(best) - row) <= Math.abs(rowOf(cell) - row) ? best : cell), null);

  // One stop for the Tab key; the arrows lead to the others.
  let current = null;
  const rove = (to) => {
    const all = [...document.querySelectorAll(".board .doc a")];
    if (!wide.matches) {
      all.forEach((link) => link.removeAttribute("tabindex"));
      return;
    }
    if (to) current = to;
    else if (!current?.isConnected) current = opening() || all[0];
    for (const link of all) link.tabIndex = link === current ? 0 : -1;
  };

  // Where one begins: the first column's cell at the present hour, else its first.
  const opening = () => {
    const now = document.getElementById("now-line");
    const column = columns().find((each) => cells(each).length);
    if (!column) return null;
    return now ? nearest(cells(column), Number(now.dataset.row)) : cells(column)[0];
  };

  const besides = (cell, step) => {
    const all = columns();
    const home = cell.closest(".doc");
    const head = heads(home).indexOf(cell);
    for (let at = all.indexOf(home) + step; at >= 0 && at < all.length; at += step) {
      const found = head >= 0 ? heads(all[at])[head] || heads(all[at])[0] : nearest(cells(all[at]), rowOf(cell));
      if (found) return found;
    }
    return null;
  };

  const along = (cell, step) => {
    const all = [...heads(cell.closest(".doc")), ...cells(cell.closest(".doc"))];
    return all[all.indexOf(cell) + step] || null;
  };

  const end = (cell, last) => cells(cell.closest(".doc")).at(last ? -1 : 0) || null;

  const MOVES = {
    ArrowLeft: (cell) => besides(cell, -1),
    ArrowRight: (cell) => besides(cell, 1),
    ArrowUp: (cell) => along(cell, -1),
    ArrowDown: (cell) => along(cell, 1),
    Home: (cell) => end(cell, false),
    End: (cell) => end(cell, true),
  };

  document.addEventListener("keydown", (event) => {
    if (event.defaultPrevented || event.ctrlKey || event.metaKey || event.altKey || event.shiftKey) return;
    const cell = event.target.closest?.(".board .doc a");
    if (!cell || !MOVES[event.key] || !wide.matches) return;
    event.preventDefault();
    const next = MOVES[event.key](cell);
    if (next) next.focus();
  });

  document.addEventListener("focusin", (event) => {
    const cell = event.target.closest?.(".board .doc a");
    if (cell) rove(cell);
  });
  document.body.addEventListener("board:refreshed", () => rove());
  wide.addEventListener("change", () => rove());
  rove();

  const KEPT = `board ${location.pathname.includes("/week/") ? "week" : "day"}`;
  const opened = board();
  if (opened && wide.matches && !location.hash) {
    opened.scrollLeft = Number(sessionStorage.getItem(KEPT)) || 0;
    const now = document.getElementById("now-line");
    if (now) opened.scrollTop = now.offsetTop - opened.clientHeight * 0.4;
  }
  addEventListener("pagehide", () => {
    if (board()) sessionStorage.setItem(KEPT, board().scrollLeft);
  });
}
