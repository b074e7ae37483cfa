// What is chosen of a page (`data-at-once` on its form) applies when it is chosen, without the button beside it.
//
// By mouse or finger at once. By keys not: in a closed list each arrow key is a change, and a page that loads
// anew under the third of twelve keeps somebody from the twelfth (WCAG 3.2.2). There Enter applies, or the button,
// which stands there for as long as something chosen is not shown yet. A menu of boxes applies when it is closed;
// Escape leaves it as it was.

const FOCUS = "focus after a choice"; // the id of what was chosen by keys
let isByKeys = false;

const formOf = (event) => event.target.closest?.("form[data-at-once]");
const buttonOf = (form) => form.querySelector("[data-apply]");
const boxes = (menu) => [...menu.querySelectorAll("input[type=checkbox]")];
const shownIn = (select) => [...select.options].find((option) => option.defaultSelected) ?? select.options[0];
const isOther = (box) => box.checked !== box.defaultChecked;

function isChanged(form) {
  const selects = [...form.querySelectorAll("select")];
  return selects.some((select) => select.selectedOptions[0] !== shownIn(select)) || boxes(form).some(isOther);
}

function apply(form, element) {
  buttonOf(form).classList.remove("is-waiting");
  if (!isChanged(form)) return;
  if (isByKeys && element?.id) sessionStorage.setItem(FOCUS, element.id);
  form.requestSubmit(buttonOf(form));
}

document.addEventListener("pointerdown", () => (isByKeys = false), { capture: true, passive: true });
document.addEventListener("keydown", (event) => {
  isByKeys = true;
  const form = formOf(event);
  if (!form || event.isComposing) return;
  const menu = event.target.closest("details.menu");
  if (event.key === "Escape" && menu) for (const box of boxes(menu)) box.checked = box.defaultChecked;
  // After the key has chosen what it chooses in a list that is open.
  if (event.key === "Enter" && event.target.matches("select")) setTimeout(() => apply(form, event.target));
}, { capture: true });

document.addEventListener("change", (event) => {
  const form = formOf(event);
  if (!form || !event.target.matches("select")) return;
  if (isByKeys) buttonOf(form).classList.toggle("is-waiting", isChanged(form));
  else apply(form, event.target);
});

for (const menu of document.querySelectorAll("form[data-at-once] details.menu")) {
  menu.addEventListener("toggle", () => {
    if (!menu.open && boxes(menu).some(isOther)) apply(menu.closest("form"), menu.querySelector("summary"));
  });
}

// The focus is where it was; by mouse it is nowhere, so that the single keys act.
const kept = sessionStorage.getItem(FOCUS);
sessionStorage.removeItem(FOCUS);
if (kept && !document.querySelector("[autofocus]")) document.getElementById(kept)?.focus();
