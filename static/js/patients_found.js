// Choosing among the patients found by keys: the same while a visit is booked and while it is corrected.

/**
 * `decide()` is called for Enter in the box, once the answer to what stands in it is there; `take(radio)` for the
 * patient who is chosen.
 */
export function patientsFound({ decide, take }) {
  const box = document.getElementById("patient-box");
  const hits = document.getElementById("hits");
  const radios = () => [...document.querySelectorAll("#patient-choice [name=patient]")];
  const isAnswered = () => (hits.querySelector("[data-for]")?.dataset.for ?? "") === box.value.slice(0, 200);
  let wanted = false; // Enter was pressed before the answer to the last letter had come

  function settle() {
    wanted = false;
    decide();
  }

  function lookUp() {
    if (isAnswered()) return settle();
    wanted = true;
    htmx.trigger(box, "find");
  }

  function inBox(event) {
    if (event.key === "Enter") lookUp();
    else if (event.key === "ArrowDown") (radios().find((radio) => !radio.checked) ?? radios()[0])?.focus();
    else return false;
    return true;
  }

  function amongPatients(event) {
    const all = radios();
    const here = all.indexOf(event.target);
    if (event.key === "ArrowDown") all[here + 1]?.focus();
    else if (event.key === "ArrowUp") (all[here - 1] ?? box).focus();
    else if (event.key === "Escape") box.focus();
    else if (event.key === "Enter" || event.key === " ") take(event.target);
    else return false;
    return true;
  }

  // The search is no change of the visit.
  box.addEventListener("change", (event) => event.stopPropagation());

  return {
    box,
    hits,
    radios,
    isAnswered,
    lookUp,
    inBox,
    amongPatients,
    /** The answer has come: for who pressed Enter before it. */
    answered: () => wanted && isAnswered() && settle(),
  };
}
