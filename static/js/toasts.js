// Messages in passing: they can be put away, and are said aloud on a page that was just loaded.
"use strict";

const place = () => document.getElementById("toasts");

document.addEventListener("click", (event) => {
  const button = event.target.closest("[data-dismiss]");
  if (!button) return;
  button.closest(".toast").remove();
});

// Screen readers announce what changes in a live region, not what it held from the start: it is said once more, unseen.
if (place()?.querySelector(".toast")) {
  const said = Object.assign(document.createElement("p"), { className: "hide", role: "status" });
  document.body.append(said);
  setTimeout(() => (said.textContent = [...place().querySelectorAll(".toast > p")].map((p) => p.textContent).join(" ")), 200);
  setTimeout(() => said.remove(), 8000);
}
