// One key does what a link, button or field of the page does, named by its `aria-keyshortcuts` (docs/keys.md).
// Everything works without this file.

import { textOf } from "./page.js";

const FIELD = "textarea, select, input:not([type=checkbox], [type=radio], [type=button], [type=submit])";
const SAVE = "Control+Enter";
const LEAVE = "Escape";
const SHOWN = { [SAVE]: ["Ctrl", "⏎"], [LEAVE]: ["Esc"] };
const help = document.getElementById("keys");
const hasSingleKeys = document.body.dataset.singleKeys !== "off";
const keysOf = (element) => element.getAttribute("aria-keyshortcuts").split(" ");
// What the newest message offers comes before the page's own, and that before the header's.
const rank = (element) => (element.closest("#toasts") ? 0 : element.closest(".top") ? 2 : 1);

function keyOf(event) {
  const isCombined = event.ctrlKey || event.metaKey;
  if (event.key === "Enter" && isCombined && !event.altKey && !event.shiftKey) return SAVE;
  if (event.key === LEAVE && !isCombined && !event.altKey && !event.shiftKey) return LEAVE;
  // "/" and "?" need Shift on many keyboards; a letter with Shift is somebody's own shortcut.
  const isShifted = event.shiftKey && /\p{L}/u.test(event.key);
  if (isCombined || event.altKey || isShifted || event.key.length !== 1) return null;
  return event.key.toLowerCase();
}

// What is visible.
function owners(within) {
  return [...within.querySelectorAll("[aria-keyshortcuts]")]
    .filter((element) => !element.disabled && element.checkVisibility({ visibilityProperty: true }))
    .toSorted((one, other) => rank(one) - rank(other));
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
  for (const part of SHOWN[key] ?? [key.toUpperCase()]) {
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
  if (!SHOWN[key] && (!hasSingleKeys || isTyping || dialog)) return;
  if (key === LEAVE && dialog) return; // closes by itself
  const all = owners(dialog || document).filter((element) => keysOf(element).includes(key));
  // Of several forms, the one in which somebody is.
  const within = key === SAVE ? event.target.closest?.("form") : null;
  const owner = all.find((element) => within?.contains(element)) ?? all[0];
  if (owner) use(owner);
  else if (within && isTyping) within.requestSubmit();
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
