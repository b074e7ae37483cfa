// Messages in passing: they can be put away, and are said aloud on a page that was just loaded.

document.addEventListener("click", (event) => {
  event.target.closest("[data-dismiss]")?.closest(".toast").remove();
});

// Screen readers announce what changes in a live region, not what it held from the start: it is said once
// more, unseen.
function sayAgain(sentences) {
  const said = Object.assign(document.createElement("p"), { className: "hide", role: "status" });
  document.body.append(said);
  setTimeout(() => (said.textContent = sentences.join(" ")), 200);
  setTimeout(() => said.remove(), 8000);
}

const messages = [...document.querySelectorAll("#toasts .toast > p")];
if (messages.length) sayAgain(messages.map((message) => message.textContent));
