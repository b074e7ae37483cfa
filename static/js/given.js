// Doctors and visit types that go together: what a doctor does not give is not offered beside them, and who does not
// give the chosen type neither. What is chosen stays. forms/offered.py does the same where no script runs.

const holds = ({ youngest, oldest }, years) =>
  years === undefined || ((youngest ?? -1) <= Number(years) && Number(years) <= (oldest ?? Infinity));
const isIn = (list, value) => !list || list.split(" ").includes(value);

export function offerGiven(form) {
  const doctor = form.elements.namedItem("doctor");
  const types = [...form.querySelectorAll("[name=visit_type]")];
  const labels = types.map((type) => type.closest("label"));
  const doctors = [...doctor.options];

  function show() {
    const kind = types.find((type) => type.checked)?.value;
    const gives = doctor.selectedOptions[0]?.dataset.gives;
    types.forEach((type, n) => (labels[n].hidden = !type.checked && !isIn(gives, type.value)));
    for (const option of doctors) {
      option.hidden = Boolean(kind) && !option.selected && !isIn(option.dataset.gives, kind);
      option.disabled = option.hidden;
    }
  }

  /** Who suits the patient's age (in years, as text) first; of each, in the order of the page. */
  function suitFirst(years) {
    const suits = types.map((type) => holds(type.dataset, years));
    labels[0]?.parentElement.append(...labels.filter((_, n) => suits[n]), ...labels.filter((_, n) => !suits[n]));
    const isFor = (option) => holds(option.dataset, years);
    const { value } = doctor;
    doctor.append(...doctors.filter(isFor), ...doctors.filter((option) => !isFor(option)));
    doctor.value = value;
  }

  /** Whether a row may be proposed: it is offered, and for this age. */
  const isFor = (row, years) => Boolean(row) && !row.disabled && holds(row.dataset, years);

  form.addEventListener("change", show);
  show();
  return {
    suitFirst,
    /** The first type that is offered. */
    firstType: () => form.querySelector("label:not([hidden]) > [name=visit_type]"),
    typeFor: (uuid, years) =>
      types.find((type) => type.value === uuid && isFor(type, years) && !type.closest("label").hidden),
    doctorFor: (uuid, years) => doctors.find((option) => uuid && option.value === uuid && isFor(option, years)),
  };
}
