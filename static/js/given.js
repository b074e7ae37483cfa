// Doctors and visit types that go together: beside what a person chose, only what goes with it is offered. What this
// page chose by itself, as the last time, gives way. forms/offered.py does the same where no script runs.

const NAMES = ["doctor", "visit_type"];
const holds = ({ youngest, oldest }, years) =>
  years === undefined || (Number(youngest ?? 0) <= Number(years) && Number(years) <= Number(oldest ?? Infinity));

export function offerGiven(form) {
  const doctor = form.elements.namedItem("doctor");
  const doctors = [...doctor.options];
  const types = [...form.querySelectorAll("[name=visit_type]")];
  const labels = types.map((type) => type.closest("label"));
  const hints = form.querySelectorAll("[data-leaves-out]");
  const proposed = new Set(form.dataset.proposed?.split(" "));

  const kind = () => types.find((type) => type.checked);
  const option = () => doctor.selectedOptions[0];
  const gives = (who, type) => !who?.dataset.gives || who.dataset.gives.split(" ").includes(type.value);
  /** Whether a row may be proposed: it is for this age. */
  const find = (rows, uuid, years) => rows.find((row) => uuid && row.value === uuid && holds(row.dataset, years));

  function show() {
    const who = proposed.has("doctor") ? undefined : option();
    const type = proposed.has("visit_type") ? undefined : kind();
    types.forEach((each, n) => (labels[n].hidden = !each.checked && !gives(who, each)));
    for (const each of doctors) each.hidden = each.disabled = Boolean(type) && !each.selected && !gives(each, type);
    const isLeftOut = { types: labels.some((each) => each.hidden), doctors: doctors.some((each) => each.hidden) };
    for (const hint of hints) hint.hidden = !isLeftOut[hint.dataset.leavesOut];
  }

  function chosen({ target: { name } }) {
    if (name === "specialty" && proposed.has("doctor")) doctor.value = "";
    if (name === "doctor" && proposed.delete("specialty")) form.elements.namedItem("specialty").value = "";
    if (NAMES.includes(name)) {
      proposed.delete(name);
      const isOut = kind() && !gives(option(), kind());
      if (isOut && proposed.has("doctor")) doctor.value = "";
      if (isOut && proposed.has("visit_type")) kind().checked = false;
    }
    show();
  }

  /** Type and doctor as the last time, in place of nothing and of what was proposed for somebody else. */
  function propose({ usualType, usualDoctor, years }) {
    if (!kind() || proposed.has("visit_type")) {
      for (const type of types) type.checked = false;
      const type = find(types, usualType, years);
      if (type && (proposed.has("doctor") || gives(option(), type))) type.checked = true;
      proposed.add("visit_type");
    }
    if (!doctor.value || proposed.has("doctor")) {
      const who = find(doctors, usualDoctor, years);
      doctor.value = who && (!kind() || gives(who, kind())) ? who.value : "";
      proposed.add("doctor");
    }
    suitFirst(years);
    show();
  }

  /** Who suits the patient's age first; of each, in the order of the page. */
  function suitFirst(years) {
    const isFor = (row) => holds(row.dataset, years);
    const { value } = doctor;
    const inOrder = (rows) => [...rows.filter(isFor), ...rows.filter((row) => !isFor(row))];
    labels[0]?.parentElement.append(...inOrder(types).map((type) => type.closest("label")));
    doctor.append(...inOrder(doctors));
    doctor.value = value;
  }

  form.addEventListener("change", chosen, true); // before what is sent after each change
  show();
  return {
    propose,
    /** A doctor was chosen, by a button. */
    taken: () => proposed.delete("doctor"),
    proposedType: () => (proposed.has("visit_type") ? kind() : undefined),
    /** The first type that is offered. */
    firstType: () => form.querySelector("label:not([hidden]) > [name=visit_type]"),
  };
}
