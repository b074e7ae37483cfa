// Finding a time works without this file. With it, Enter anywhere in the wishes finds, and arrows walk
// through the times found.

const wishes = document.getElementById("wishes");
const starts = () => [...document.querySelectorAll(".starts a")];

wishes.addEventListener("keydown", (event) => {
  if (event.key !== "Enter" || event.repeat || !event.target.matches("input, select")) return;
  event.preventDefault();
  wishes.requestSubmit();
});

document.addEventListener("keydown", (event) => {
  const step = { ArrowDown: 1, ArrowRight: 1, ArrowUp: -1, ArrowLeft: -1 }[event.key];
  const all = starts();
  const here = all.indexOf(event.target);
  if (!step || here < 0 || event.altKey || event.ctrlKey || event.metaKey) return;
  event.preventDefault();
  all[here + step]?.focus();
});

// Nothing that was left open stands in the address.
wishes.addEventListener("formdata", (event) => {
  for (const [name, value] of [...event.formData]) if (!value && name !== "part") event.formData.delete(name);
});
