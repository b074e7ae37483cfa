// The booking form works without this file. It saves typing the name twice, and the way to the button.
"use strict";

const form = document.getElementById("booking");

// A name that was searched and not found goes into the empty fields of the new patient.
form.addEventListener("change", (event) => {
  if (event.target.name !== "patient" || event.target.value !== "new") return;
  const name = form.elements.patient_name;
  const lastname = form.elements.patient_lastname;
  if (!name.value && !lastname.value) {
    const guess = document.getElementById("hits-said").dataset;
    name.value = guess.name;
    lastname.value = guess.lastname;
  }
});

document.addEventListener("keydown", (event) => {
  if (event.key === "Enter" && (event.ctrlKey || event.metaKey)) {
    event.preventDefault();
    form.requestSubmit(document.getElementById("save"));
  }
});
