// While a visit is moved, another one that is pressed is not opened before it was asked whether the move ends.

const dialog = document.getElementById("stop-moving");

/** Asks, where a visit is being moved and the address is another's; gives whether it asks. */
export function asksFirst(address) {
  const own = document.querySelector(".board .v.is-moving > a")?.getAttribute("href");
  if (!dialog || (own && address.startsWith(own))) return false;
  document.getElementById("stop-moving-go").setAttribute("href", address);
  dialog.showModal();
  return true;
}

document.addEventListener("click", (event) => {
  if (event.button !== 0 || event.ctrlKey || event.metaKey || event.shiftKey) return; // a tab of its own
  const visit = event.target.closest?.("[data-version] a[href*='/appointments/']");
  if (visit && asksFirst(visit.getAttribute("href"))) event.preventDefault();
});
