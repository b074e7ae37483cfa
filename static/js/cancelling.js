// The small forms of a visit, to cancel it or to say that it is an error. Everything works without this file. With it,
// a form that is opened has the focus, Esc closes it, and why a visit is cancelled takes two keys: Enter for whose wish
// it is, the arrow down for the usual reasons.

import { hasModifier } from "./keyboard.js";

const FIRST = "input[type=radio], input:not([type=hidden])";
const form = document.getElementById("cancelling");
const reason = document.getElementById("id_cancel_reason");
const usual = () => [...(reason?.list?.options ?? [])].map((option) => option.value);

document.addEventListener("click", ({ target }) => {
  const fold = target.closest?.("summary")?.closest(".fold");
  // The fold opens after the press.
  if (fold) setTimeout(() => fold.open && fold.querySelector(FIRST).focus());
});

document.addEventListener("keydown", (event) => {
  const fold = event.target.closest?.(".fold[open]");
  if (event.key !== "Escape" || !fold || event.defaultPrevented || event.isComposing) return;
  event.preventDefault();
  fold.open = false;
  fold.querySelector("summary").focus();
});

// The next of the usual reasons, or the one before; what somebody typed is left alone.
function turn(step) {
  const reasons = usual();
  const at = reasons.indexOf(reason.value);
  if (!reasons.length || (reason.value && at < 0)) return false;
  const to = at < 0 && step < 0 ? reasons.length - 1 : (at + step + reasons.length) % reasons.length;
  reason.value = reasons[to];
  reason.select();
  return true;
}

form?.addEventListener("keydown", (event) => {
  if (hasModifier(event) || event.isComposing) return;
  const step = { ArrowDown: 1, ArrowUp: -1 }[event.key];
  if (event.target === reason) {
    if (step && turn(step)) event.preventDefault();
  } else if (event.key === "Enter" && event.target.matches("[name=wish]")) {
    event.preventDefault();
    if (event.repeat) return;
    event.target.checked = true;
    reason.focus();
  }
});
