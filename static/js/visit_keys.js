// Steps of a visit without leaving the page: keys on a card or row that has the focus, and its buttons. Without
// this file the same buttons post as forms, and a visit's own page has all of them.

import { asksFirst } from "./board_moving.js";
import { hasModifier } from "./keyboard.js";
import { linkTo, reloader } from "./page.js";

const STEPS = { o: "confirmed", a: "arrived", s: "in_progress", c: "completed", x: "no_show" };
const FORMS = { e: "edit", l: "cancel" };
const VISIT = /^\/desk\/appointments\/[0-9a-f-]{36}\/$/;
const toasts = () => document.getElementById("toasts");
const headers = { "HX-Request": "true", ...JSON.parse(document.body.getAttribute("data-hx-headers")) };
const here = () => location.pathname + location.search;
const visitOf = (action) => action.replace(/[^/]+\/$/, "");
const underWay = new Set();

function showFailure(sentence, reload) {
  const toast = document.createElement("div");
  toast.className = "toast toast--warn";
  toast.append(Object.assign(document.createElement("p"), { textContent: sentence }));
  if (reload) toast.append(reloader(reload));
  toasts().replaceChildren(toast);
}

// The cards and rows of a visit: a board and the waiting room beside it may both have one.
function slipsOf(visit) {
  const slips = [...document.querySelectorAll("[data-version]")];
  return slips.filter((slip) => slip.querySelector(`a[href="${visit}"]`));
}

async function showAnswer(answer, visit) {
  const page = new DOMParser().parseFromString(await answer.text(), "text/html");
  const hadFocus = toasts().contains(document.activeElement);
  toasts().replaceChildren(...page.getElementById("toasts").childNodes);
  if (hadFocus) linkTo(visit, document.getElementById("main"))?.focus();
  const version = answer.headers.get("Visit-Version");
  for (const slip of slipsOf(visit)) if (version) slip.dataset.version = version;
  document.body.dispatchEvent(new CustomEvent("clinic:changed"));
}

async function post(action, fields) {
  const visit = visitOf(action);
  const body = new URLSearchParams({ ...fields, next: here() });
  try {
    const answer = await fetch(action, { method: "POST", body, headers, redirect: "error" });
    if (answer.ok) await showAnswer(answer, visit);
    else if ([401, 403].includes(answer.status)) showFailure(toasts().dataset.signedOut, toasts().dataset.reload);
    else showFailure(toasts().dataset.away);
  } catch {
    showFailure(toasts().dataset.away);
  }
}

async function send(action, fields) {
  const visit = visitOf(action);
  if (underWay.has(visit)) return; // a press that was meant twice
  underWay.add(visit);
  for (const slip of slipsOf(visit)) slip.setAttribute("aria-busy", "true");
  await post(action, fields);
  for (const slip of slipsOf(visit)) slip.removeAttribute("aria-busy");
  underWay.delete(visit);
}

function leaveFor(key, address) {
  const form = key === "m" ? `${address}move/` : `${address}${FORMS[key]}/?next=${encodeURIComponent(here())}`;
  if (asksFirst(form)) return;
  dispatchEvent(new CustomEvent("clinic:leaving", { detail: address }));
  location.assign(form);
}

/** Does what a key stands for; gives whether it stands for anything. */
function act(key, address, version) {
  if (STEPS[key]) send(`${address}status/`, { version, status: STEPS[key] });
  else if (key === "u") send(`${address}undo/`, { version });
  else if (key === "m" || FORMS[key]) leaveFor(key, address);
  else return false;
  return true;
}

function isForSingleKeys(event) {
  if (event.defaultPrevented || event.repeat || event.isComposing) return false;
  if (hasModifier(event) || event.shiftKey || document.querySelector("dialog[open]")) return false;
  return document.body.dataset.singleKeys !== "off";
}

document.addEventListener("keydown", (event) => {
  const slip = event.target.closest?.("[data-version]");
  const address = slip?.querySelector("a")?.getAttribute("href");
  // What the newest message says is what is taken back (keys.js).
  if (event.key === "u" && toasts().querySelector("[aria-keyshortcuts=u]")) return;
  if (!address || !VISIT.test(address) || !isForSingleKeys(event)) return;
  if (act(event.key.toLowerCase(), address, slip.dataset.version)) event.preventDefault();
});

document.addEventListener("submit", (event) => {
  const form = event.target;
  if (!form.matches("form[data-step]")) return;
  event.preventDefault();
  const action = form.getAttribute("action");
  // The row moves to another list: the focus goes with the person, not with the button.
  if (!toasts().contains(form)) {
    linkTo(visitOf(action), document.getElementById("main"))?.focus({ preventScroll: true });
  }
  send(action, Object.fromEntries(new FormData(form, event.submitter)));
});
