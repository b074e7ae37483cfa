// The list works without this file, which ticks all doubts of a page at once.

for (const all of document.querySelectorAll("[data-many] [data-all]")) {
  const box = all.querySelector("input");
  const others = all.closest("form").querySelectorAll('[name="flag"]');
  all.hidden = false;
  box.addEventListener("change", () => {
    for (const other of others) other.checked = box.checked;
  });
}
