// One key does what a link, button or field of the page does, named by its `aria-keyshortcuts` (docs/keys.md).
// Everything works without this file.

import { textOf } from "./page.js";

const FIELD = "textarea, select, input:not([type=checkbox], [type=radio], [type=button], [type=submit])";
const SAVE = "Control+Enter";
const help = document.getElementById("keys");
const hasSingleKeys = document.body.dataset.singleKeys !== "off";
const keysOf = (element) => element.getAttribute("aria-keyshortcuts").split(" ");
const isInHeader = (element) => Boolean(element.closest(".top"));

function keyOf(event) {
  const isCombined = event.ctrlKey || event.metaKey;
  if (event.key === "Enter" && isCombined && !event.altKey && !event.shiftKey) return SAVE;
  // "/" and "?" need Shift on many keyboards; a letter with Shift is somebody's own shortcut.
  const isShifted = event.shiftKey && /\p{L}/u.test(event.key);
  if (isCombined || event.altKey || isShifted || event.key.length !== 1) return null;
  return event.key.toLowerCase();
}

// What is visible, the page's own before the header's.
function owners(within) {
  return [...within.querySelectorAll("[aria-keyshortcuts]")]
    .filter((element) => !element.disabled && element.checkVisibility({ visibilityProperty: true }))
    .toSorted((one, other) => isInHeader(one) - isInHeader(other));
}

function nameOf(element) {
  if (element.hasAttribute("aria-label")) return element.getAttribute("aria-label");
  if (element.labels?.length) return textOf(element.labels[0]);
  const copy = element.cloneNode(true);
  for (const part of copy.querySelectorAll("kbd, [aria-hidden=true]")) part.remove();
  return textOf(copy);
}

function rowOf(key, element) {
  const row = document.createElement("div");
  const name = document.createElement("dt");
  const keys = document.createElement("dd");
  name.textContent = nameOf(element);
  for (const part of key === SAVE ? ["Ctrl", "⏎"] : [key.toUpperCase()]) {
    keys.append(Object.assign(document.createElement("kbd"), { textContent: part }));
  }
  row.append(name, keys);
  return row;
}

// The page's own keys, each once; those of the header are in the list that the server wrote.
function keysHere() {
  const found = new Map();
  for (const element of owners(document)) {
    if (element.closest(".top, dialog")) continue;
    for (const key of keysOf(element)) if (!found.has(key)) found.set(key, element);
  }
  return found;
}

function fillHelp() {
  const section = document.getElementById("keys-here");
  const here = keysHere();
  section.querySelector("dl").replaceChildren(...Array.from(here, ([key, element]) => rowOf(key, element)));
  section.hidden = here.size === 0;
  // What the page named itself needs not be said twice.
  for (const row of help.querySelectorAll("[data-of-pages] .keys > div")) {
    row.hidden = here.has(row.querySelector("kbd").textContent.toLowerCase());
  }
  for (const group of help.querySelectorAll("[data-of-pages]")) {
    group.hidden = !group.querySelector(".keys > div:not([hidden])");
  }
}

function openHelp() {
  fillHelp();
  // So that the focus comes back to something that is seen: a menu closes under the list.
  const menu = document.activeElement?.closest("details.menu[open]");
  if (menu) {
    menu.querySelector("summary").focus();
    menu.open = false;
  }
  help.showModal();
}

function use(element) {
  if (!element.matches(FIELD)) {
    element.click();
    return;
  }
  element.focus();
  element.select?.();
}

document.addEventListener("keydown", (event) => {
  if (event.defaultPrevented || event.isComposing || event.repeat) return;
  const key = keyOf(event);
  if (!key) return;
  const dialog = document.querySelector("dialog[open]");
  const isTyping = event.target.isContentEditable || event.target.matches?.(FIELD);
  if (key !== SAVE && (!hasSingleKeys || isTyping || dialog)) return;
  const owner = owners(dialog || document).find((element) => keysOf(element).includes(key));
  if (owner) use(owner);
  else if (key === "?" && help) openHelp();
  else return;
  event.preventDefault();
});

document.addEventListener("click", (event) => {
  const link = event.target.closest?.("[data-opens-keys]");
  if (!link || !help || event.ctrlKey || event.metaKey || event.shiftKey) return;
  event.preventDefault();
  openHelp();
});

// A press beside the list closes it.
help?.addEventListener("click", (event) => {
  if (event.target === help) help.close();
});
