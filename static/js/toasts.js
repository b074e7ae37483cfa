// Messages in passing: they can be put away, and are said aloud on a page that was just loaded.
"use strict";

const place = () => document.getElementById("toasts");

document.addEventListener("click", (event) => {
  const button = event.target.closest("[data-dismiss]");
  if (!button) return;
  button.closest(".toast").remove();
});

// Screen readers announce what changes in a live region, not what it held from the start.
if (place()?.children.length) {
  const held = [...place().childNodes];
  place().replaceChildren();
  setTimeout(() => place().append(...held), 100);
}
