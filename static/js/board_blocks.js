// Free times of a column, marked with the mouse or by the key P on one, are blocked: the page for it comes up with
// the day and the times. The booking form of a free time has a link to the same page.

import { GRAIN, rowOf, rowsOf } from "./board_cells.js";
import { hasModifier } from "./keyboard.js";

const FREE = ".board[data-block] .f > a";
let first = null; // the free time where the mouse went down
let marked = [];

const rowAfter = (cell) => rowOf(cell) + rowsOf(cell);

function block(cells) {
  const asked = new URL(cells[0].href).searchParams;
  const minutes = (rowAfter(cells.at(-1)) - rowOf(cells[0])) * GRAIN;
  const next = location.pathname + location.search;
  const about = { doctor: asked.get("doctor"), start: asked.get("start"), minutes, next };
  dispatchEvent(new CustomEvent("clinic:leaving", { detail: cells[0].getAttribute("href") }));
  location.assign(`${cells[0].closest(".board").dataset.block}?${new URLSearchParams(about)}`);
}

function mark(cells) {
  for (const cell of marked) cell.classList.remove("is-marked");
  marked = cells;
  for (const cell of marked) cell.classList.add("is-marked");
  if (marked.length) document.body.dataset.dragging = "yes"; // board_changes.js replaces nothing meanwhile
  else delete document.body.dataset.dragging;
}

// What stands between two free times of a column, they too.
function between(one, other) {
  const cells = [...one.closest(".day").querySelectorAll(".f > a")];
  const [from, to] = [cells.indexOf(one), cells.indexOf(other)].toSorted((a, b) => a - b);
  return cells.slice(from, to + 1);
}

document.addEventListener("pointerdown", (event) => {
  first = event.button === 0 && event.pointerType === "mouse" ? event.target.closest?.(FREE) || null : null;
});

document.addEventListener("dragstart", (event) => {
  if (first) event.preventDefault(); // not the link itself
});

document.addEventListener("pointermove", (event) => {
  const cell = first && event.target.closest?.(FREE);
  if (cell && cell.closest(".day") === first.closest(".day") && (cell !== first || marked.length)) {
    mark(between(first, cell));
  }
});

document.addEventListener("pointerup", () => {
  const cells = marked;
  first = null;
  mark([]);
  if (cells.length > 1) block(cells);
});

document.addEventListener("keydown", (event) => {
  if (event.key === "Escape" && first) {
    first = null;
    mark([]);
    return;
  }
  const cell = event.target.closest?.(FREE);
  if (!cell || event.key.toLowerCase() !== "p" || event.shiftKey || hasModifier(event)) return;
  if (event.defaultPrevented || document.body.dataset.singleKeys === "off") return;
  event.preventDefault();
  block([cell]);
});
