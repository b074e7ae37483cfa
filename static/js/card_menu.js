// A board's cards under the mouse get a button that opens what can be done with the visit, asked for when it is wanted. The
// same is done by keys (visit_keys.js) and on the visit's own page.
"use strict";

{
  const words = document.getElementById("card-menu-words");
  const button = Object.assign(document.createElement("button"), { type: "button", className: "card-more", textContent: "⋯", tabIndex: -1 });
  button.setAttribute("aria-haspopup", "dialog");
  const menu = Object.assign(document.createElement("div"), { className: "card-popover", popover: "auto" });
  menu.setAttribute("role", "dialog");
  menu.setAttribute("aria-label", words.dataset.name);
  document.body.append(menu);
  let card = null;

  document.addEventListener("pointerover", (event) => {
    if (event.pointerType !== "mouse") return;
    const slip = event.target.closest?.(".board .day > .v");
    if (!slip || slip === button.parentElement) return;
    button.setAttribute("aria-label", `${words.dataset.name}: ${slip.querySelector("b").textContent}`);
    slip.append(button);
  });

  const place = (at) => {
    const margin = 8;
    const box = menu.getBoundingClientRect();
    menu.style.left = `${Math.max(margin, Math.min(at.right - box.width, innerWidth - box.width - margin))}px`;
    menu.style.top = `${Math.max(margin, Math.min(at.bottom + 4, innerHeight - box.height - margin))}px`;
  };

  button.addEventListener("click", async (event) => {
    event.preventDefault();
    card = button.parentElement.querySelector("a");
    const address = new URL(card.href);
    address.searchParams.set("next", location.pathname + location.search);
    const at = button.getBoundingClientRect();
    try {
      const answer = await fetch(address, { headers: { "HX-Request": "true" }, redirect: "error" });
      if (!answer.ok) throw new Error(answer.status);
      const fresh = new DOMParser().parseFromString(await answer.text(), "text/html").getElementById("card-menu");
      menu.replaceChildren(fresh);
    } catch {
      location.assign(card.href);
      return;
    }
    menu.showPopover();
    place(at);
    menu.querySelector("button, a").focus();
  });

  // A step closes it; the focus goes to the card that it was about.
  menu.addEventListener("submit", () => {
    menu.hidePopover();
    const same = [...document.querySelectorAll(".board a")].find((link) => link.getAttribute("href") === card.getAttribute("href"));
    same?.focus({ preventScroll: true });
  });
}
