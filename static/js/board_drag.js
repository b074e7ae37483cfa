// A card dropped on a free time leads to the page that asks to confirm the move, as the key for it does.
// For a mouse only.

const freeTime = (event) => event.target.closest?.(".board .f > a");
let card = null;

document.addEventListener("dragstart", (event) => {
  card = event.target.closest?.(".board .v:is(.st-pe, .st-co) > a") || null;
  if (!card) return;
  event.dataTransfer.effectAllowed = "move";
  card.parentElement.classList.add("is-moving");
  document.body.dataset.dragging = "yes"; // board_changes.js replaces nothing meanwhile
  document.querySelector(".board").classList.add("is-choosing");
});

document.addEventListener("dragover", (event) => {
  if (card && freeTime(event)) event.preventDefault();
});

document.addEventListener("dragenter", (event) => {
  if (card) freeTime(event)?.classList.add("is-target");
});

document.addEventListener("dragleave", (event) => freeTime(event)?.classList.remove("is-target"));

document.addEventListener("drop", (event) => {
  const target = freeTime(event);
  if (!card || !target) return;
  event.preventDefault();
  location.assign(`${card.getAttribute("href")}move/${new URL(target.href).search}`);
});

document.addEventListener("dragend", () => {
  if (!card) return;
  card.parentElement.classList.remove("is-moving");
  delete document.body.dataset.dragging;
  const isChoosing = Boolean(document.querySelector(".moving"));
  document.querySelector(".board").classList.toggle("is-choosing", isChoosing);
  for (const link of document.querySelectorAll(".is-target")) link.classList.remove("is-target");
  card = null;
});
