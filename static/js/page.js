// What several scripts need to know of a page.

/** The link to an address, where there is one. */
export function linkTo(address, within = document) {
  return [...within.querySelectorAll("a")].find((link) => link.getAttribute("href") === address);
}

/** A button that loads the page again: with these words, where a message tells to. */
export function reloader(words) {
  const button = Object.assign(document.createElement("button"), { type: "button", className: "btn btn--small" });
  button.textContent = words;
  button.addEventListener("click", () => location.reload());
  return button;
}

/** What is read of an element, in one line. */
export function textOf(element) {
  return element.textContent.trim().replace(/\s+/g, " ").replace(/ ,/g, ",");
}

/** The minutes that somebody has waited, by the seconds of the server's clock. */
export function countMinutes(within, now) {
  for (const minutes of within.querySelectorAll("[data-since]")) {
    const waited = String(Math.max(0, Math.floor((now - Number(minutes.dataset.since)) / 60)));
    if (minutes.textContent.trim() !== waited) minutes.textContent = waited;
  }
}
