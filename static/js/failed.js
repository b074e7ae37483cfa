// An answer that did not come is said beside what asked for it, until one comes. What was typed stands as it was.
// Where the page asks by itself, it says since when it is not up to date (board_changes.js, waiting.js).

const words = document.getElementById("no-answer");
const asksByItself = (element) => /\bevery\b/.test(element.getAttribute("data-hx-trigger") ?? "");
const near = (element) => (element.matches("input, button") ? (element.closest(".find") ?? element) : null);
const standing = (element) => {
  const control = near(element);
  const found = control ? control.nextElementSibling : element.firstElementChild;
  return found?.matches(".no-answer") ? found : null;
};

function tell({ detail: { elt, xhr } }) {
  if (xhr?.status && xhr.status < 500) return; // answered: no, but answered
  if (!words || asksByItself(elt) || standing(elt)) return;
  const said = words.content.firstElementChild.cloneNode(true);
  const control = near(elt);
  if (control) control.after(said);
  else elt.prepend(said);
}

for (const name of ["htmx:sendError", "htmx:timeout", "htmx:responseError"]) document.addEventListener(name, tell);
document.addEventListener("htmx:beforeOnLoad", ({ detail: { elt, xhr } }) => {
  if (xhr.status < 400) standing(elt)?.remove();
});
