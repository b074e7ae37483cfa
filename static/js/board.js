// The board works without this file. It lets the arrows move between the cells, opens the board at the present
// hour, or where most begin to work, and keeps the doctors in view when the day is turned.

import { hasModifier } from "./keyboard.js";
import { isSheet, nearest, rowOf } from "./board_cells.js";
import { linkTo } from "./page.js";

const NOW_AT = 0.4; // of the board's height, when it opens
const LEFT = "board left at"; // the visit from which another page was opened
const kept = `board ${location.pathname.includes("/week/") ? "week" : "day"}`;
const columns = () => [...document.querySelectorAll(".board .doc")];
const heads = (column) => [...column.querySelectorAll(":scope > :is(header, h2) a")];
const cells = (column) => [...column.querySelectorAll(".day > li > a")];
const cellOf = (event) => event.target.closest?.(".board .doc a");
const nowLine = () => document.getElementById("now-line");
let current = null;

const isFree = (cell) => cell.parentElement.matches(".f");

// While a visit is moved: the free time nearest to the hour at which it stands, of its own doctor if there is one.
function nearestToItsHour() {
  const { near, own } = document.querySelector(".board.is-choosing")?.dataset ?? {};
  if (!near) return null;
  const offered = columns().flatMap(cells).filter(isFree);
  const theirs = offered.filter((cell) => cell.closest(".doc").id === own);
  return nearest(theirs.length ? theirs : offered, Number(near));
}

// Where one begins: the first column's cell at the present hour; on another day the first free time.
function opening() {
  const near = nearestToItsHour();
  if (near) return near;
  const all = columns().map(cells);
  const offered = all.map((column) => column.filter(isFree)).filter((column) => column.length);
  if (nowLine()) {
    const column = all.find((each) => each.length);
    return column ? nearest(column, Number(nowLine().dataset.row)) : null;
  }
  const firsts = offered.map((column) => column[0]);
  return firsts.toSorted((one, other) => rowOf(one) - rowOf(other))[0] ?? all.find((each) => each.length)?.[0];
}

// The row in which half of those who work have begun: who works at night is no reason to open at midnight.
function usualBeginning() {
  const firsts = columns().map((column) => cells(column)[0]).filter(Boolean);
  const sorted = firsts.toSorted((one, other) => rowOf(one) - rowOf(other));
  return sorted[Math.floor(sorted.length / 2)];
}

// One stop for the Tab key; the arrows lead to the others.
function rove(to) {
  const all = [...document.querySelectorAll(".board .doc a")];
  if (!isSheet.matches) {
    for (const link of all) link.removeAttribute("tabindex");
    return;
  }
  if (to) current = to;
  else if (!current?.isConnected) current = opening() || all[0];
  for (const link of all) link.tabIndex = link === current ? 0 : -1;
}

// The cell of the next column that has one: a head beside a head, else what stands at about the same time.
function beside(cell, step) {
  const all = columns();
  const home = cell.closest(".doc");
  const head = heads(home).indexOf(cell);
  for (let at = all.indexOf(home) + step; at >= 0 && at < all.length; at += step) {
    const found =
      head >= 0 ? heads(all[at])[head] || heads(all[at])[0] : nearest(cells(all[at]), rowOf(cell));
    if (found) return found;
  }
  return null;
}

function along(cell, step) {
  const column = cell.closest(".doc");
  const all = [...heads(column), ...cells(column)];
  return all[all.indexOf(cell) + step];
}

const end = (cell, at) => cells(cell.closest(".doc")).at(at);

const MOVES = {
  ArrowLeft: (cell) => beside(cell, -1),
  ArrowRight: (cell) => beside(cell, 1),
  ArrowUp: (cell) => along(cell, -1),
  ArrowDown: (cell) => along(cell, 1),
  Home: (cell) => end(cell, 0),
  End: (cell) => end(cell, -1),
};

document.addEventListener("keydown", (event) => {
  if (event.defaultPrevented || hasModifier(event) || event.shiftKey) return;
  if (!MOVES[event.key] || !isSheet.matches) return;
  const cell = cellOf(event);
  // From nowhere, from a message, and from the board as a whole, the first arrow enters it.
  const isOutside = event.target === document.body || event.target.matches?.(".board, #toasts *");
  const to = cell ? MOVES[event.key](cell) : isOutside && event.key.startsWith("Arrow") && (current ?? opening());
  if (to || cell) event.preventDefault();
  if (to) to.focus();
});

document.addEventListener("focusin", (event) => {
  if (cellOf(event)) rove(cellOf(event));
});
document.body.addEventListener("board:refreshed", () => rove());
isSheet.addEventListener("change", () => rove());
rove();

const board = document.querySelector(".board");
if (board && isSheet.matches && !location.hash) {
  board.scrollLeft = Number(sessionStorage.getItem(kept)) || 0;
  const first = usualBeginning();
  if (nowLine()) board.scrollTop = nowLine().offsetTop - board.clientHeight * NOW_AT;
  else if (first) first.scrollIntoView({ block: "start", inline: "nearest", behavior: "instant" });
}

// Back from a page that was opened by a key: at the cell where one was, or at what stands there now, such as the
// block that was put on a free time.
function keepPlace(address) {
  const cell = linkTo(address, board ?? document);
  const column = board && cell?.closest(".doc");
  const place = column ? { path: location.pathname, column: column.id, row: rowOf(cell) } : {};
  sessionStorage.setItem(LEFT, JSON.stringify({ address, ...place }));
}

function placeLeft() {
  const left = JSON.parse(sessionStorage.getItem(LEFT) ?? "null");
  sessionStorage.removeItem(LEFT);
  if (!left || location.hash) return null;
  const column = left.path === location.pathname && document.getElementById(left.column);
  return linkTo(left.address, board ?? document) ?? (column ? nearest(cells(column), left.row) : null);
}

placeLeft()?.focus();
addEventListener("clinic:leaving", ({ detail }) => keepPlace(detail));
document.addEventListener("submit", (event) => {
  const cell = event.target.closest("#toasts") && cellOf({ target: document.activeElement });
  if (cell) keepPlace(cell.getAttribute("href"));
});
document.addEventListener("click", (event) => {
  const isByKeys = event.detail === 0;
  if (isByKeys && cellOf(event)?.matches(".o > a")) keepPlace(cellOf(event).getAttribute("href")); // a block
});
addEventListener("pagehide", () => {
  const shown = document.querySelector(".board");
  if (shown) sessionStorage.setItem(kept, shown.scrollLeft);
});
