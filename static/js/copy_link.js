// Copies an address that stands on the page. Where a browser has no clipboard for us, as over plain http, it is
// selected instead, and one key copies it. Without scripts the address is there as text.

for (const button of document.querySelectorAll("[data-copy]")) {
  button.hidden = false;
  button.addEventListener("click", async () => {
    const link = document.getElementById(button.dataset.copy);
    const said = button.parentElement.querySelector("[data-copy-said]");
    said.textContent = "";
    try {
      await navigator.clipboard.writeText(link.textContent.trim());
      said.textContent = button.dataset.copied;
    } catch {
      window.getSelection().selectAllChildren(link);
      said.textContent = button.dataset.selected;
    }
  });
}
