// A day is typed as people write it. What was understood is said back in words, and a calendar can be opened.
// The server decides; the forms that are read here are those of scheduling/matching/written_days.py.

import { isoOf, openMonth } from "./month.js";

const spoken = document.documentElement.lang || "en";
const language = spoken === "en" ? "en-GB" : spoken; // the day comes first, as in all of our pages
const inWords = new Intl.DateTimeFormat(language, {
  weekday: "long", day: "numeric", month: "long", year: "numeric", timeZone: "UTC",
});
const YEAR = "(?<year>\\d{4}|\\d{2})";
const FORMS = [
  /^(?<year>\d{4})\s*[-/.]\s*(?<month>\d{1,2})\s*[-/.]\s*(?<day>\d{1,2})$/,
  new RegExp(`^(?<day>\\d{1,2})\\s*[-/.\\s]\\s*(?<month>\\d{1,2})(?:\\s*[-/.\\s]\\s*${YEAR}|[-/.]?)$`),
  new RegExp(`^(?<day>\\d{2})(?<month>\\d{2})${YEAR}$`),
];

const utc = (year, month, day) => {
  const found = new Date(0);
  found.setUTCFullYear(year, month - 1, day);
  const isReal = found.getUTCMonth() === month - 1 && found.getUTCDate() === day;
  return isReal && year > 0 ? found : null;
};

function today() {
  const now = new Date();
  return utc(now.getFullYear(), now.getMonth() + 1, now.getDate());
}

function yearsOf(written, isBirth) {
  const year = today().getUTCFullYear();
  if (written?.length === 4) return [Number(written)];
  if (!written) return isBirth ? [] : Array.from({ length: 9 }, (_, n) => year + n);
  const thisCentury = Math.floor(year / 100) * 100 + Number(written);
  return isBirth ? [thisCentury, thisCentury - 100] : [thisCentury];
}

/** The day that a text means, at midnight UTC; null where it is none. */
export function dayOf(text, isBirth) {
  const squashed = text.trim().replace(/\s+/g, " ");
  const parts = FORMS.map((form) => form.exec(squashed)).find(Boolean)?.groups;
  if (!parts) return null;
  const years = yearsOf(parts.year, isBirth);
  const pick = (month, day) =>
    years
      .map((year) => utc(year, month, day))
      .find((found) => found && (years.length === 1 || (isBirth ? found <= today() : found >= today())));
  const inOrder = pick(Number(parts.month), Number(parts.day)) ?? null;
  return inOrder || FORMS[0].test(squashed) ? inOrder : (pick(Number(parts.day), Number(parts.month)) ?? null);
}

function years(since) {
  const now = today();
  const had = [now.getUTCMonth(), now.getUTCDate()] < [since.getUTCMonth(), since.getUTCDate()];
  return now.getUTCFullYear() - since.getUTCFullYear() - (had ? 1 : 0);
}

/** Tuesday 18 August 1992: whether there is a comma behind the weekday depends on the browser. */
function said(day) {
  const parts = inWords.formatToParts(day);
  return parts.map((part, n) => (parts[n - 1]?.type === "weekday" ? " " : part.value)).join("");
}

function words(input) {
  const isBirth = input.dataset.day === "birth";
  const day = dayOf(input.value, isBirth);
  if (!day) return "";
  const age = isBirth ? years(day) : -1;
  if (age < 2) return said(day);
  const unit = new Intl.NumberFormat(language, { style: "unit", unit: "year", unitDisplay: "long" });
  return `${said(day)}, ${unit.format(age)}`;
}

/** An ISO day as people write it. */
export const asTyped = (iso) => iso.split("-").reverse().join("/");

/** Say a day back that a script has put into its field. */
export const sayBack = (input) => input.dispatchEvent(new Event("day:put"));

function put(input, iso) {
  input.value = asTyped(iso);
  input.dispatchEvent(new Event("input", { bubbles: true }));
  input.dispatchEvent(new Event("change", { bubbles: true }));
  input.focus();
}

// The browser's own calendar: for births, which are typed, and whose years are far away; and where there is no
// other. It cannot say how full a day is.
function pickerFor(input) {
  const picker = document.createElement("input");
  picker.type = "date";
  picker.className = "day-picker";
  picker.tabIndex = -1;
  picker.setAttribute("aria-hidden", "true");
  picker.addEventListener("change", () => picker.value && put(input, picker.value));
  return picker;
}

function openPicker(picker, day) {
  picker.value = day ? isoOf(day) : "";
  picker.showPicker?.();
}

// How full the days of the doctor are who is chosen in the same form; of all, where none is.
function monthOf(input, day) {
  const asked = new URLSearchParams({ date: day ? isoOf(day) : "" });
  const doctor = input.form?.elements.namedItem(input.name.replace(/[a-z_]+$/, "doctor"))?.value;
  if (doctor) asked.set("doctor", doctor);
  return `${document.body.dataset.month}?${asked}`;
}

function calendarFor(input) {
  const isBirth = input.dataset.day === "birth";
  const picker = pickerFor(input);
  const button = document.createElement("button");
  button.type = "button";
  button.className = "day-open";
  button.title = input.dataset.calendar;
  button.setAttribute("aria-label", input.dataset.calendar);
  button.addEventListener("click", async () => {
    const day = dayOf(input.value, isBirth);
    const choose = (iso) => put(input, iso);
    const hasMonth = document.body.dataset.month && !isBirth;
    const isOpen = hasMonth && (await openMonth(monthOf(input, day), { iso: day && isoOf(day), beside: input, choose }));
    if (!isOpen) openPicker(picker, day);
  });
  return [button, picker];
}

// The board's: a link to the month, whose days are links to their boards.
function calendarLink(link, input) {
  link.addEventListener("click", async (event) => {
    if (event.ctrlKey || event.metaKey || event.shiftKey) return;
    event.preventDefault();
    const day = dayOf(input.defaultValue, false);
    if (!(await openMonth(link.href, { iso: day && isoOf(day), beside: input }))) location.assign(link.href);
  });
}

function boxOf(input) {
  const written = input.closest(".day-box");
  if (written) {
    calendarLink(written.querySelector(".day-open"), input);
    return written;
  }
  const hadFocus = input === document.activeElement; // which it loses when it is put elsewhere
  const box = document.createElement("span");
  box.className = "day-box";
  input.replaceWith(box);
  box.append(input, ...calendarFor(input));
  if (hadFocus) input.focus();
  return box;
}

function enhance(input) {
  if (input.dataset.isEnhanced) return;
  input.dataset.isEnhanced = "";
  const output = document.createElement("output");
  output.className = "day-said";
  output.setAttribute("for", input.id);
  const box = boxOf(input);
  box.after(output);
  // As in a browser's own: down from the day that is typed.
  input.addEventListener("keydown", (event) => {
    if (event.key !== "ArrowDown" || event.ctrlKey || event.metaKey || event.shiftKey) return;
    event.preventDefault();
    box.querySelector(".day-open").click();
  });
  const say = () => (output.textContent = words(input));
  for (const change of ["input", "day:put"]) input.addEventListener(change, say);
  say();
}

function enhanceAll(within) {
  for (const input of within.querySelectorAll("input[data-day]")) enhance(input);
}

enhanceAll(document);
document.body.addEventListener("htmx:afterSwap", (event) => enhanceAll(event.detail.elt ?? document));
