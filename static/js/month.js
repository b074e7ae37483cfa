// A month at a glance as a dialog: the date grid of the ARIA Authoring Practices. Its markup is the server's
// (templates/jinja/desk/board/month.html), which is also a page of links for who has no scripts.

const GAP = 4; // pixels between the dialog and what opened it
const DAY = 24 * 3600 * 1000;
const DAYS = { ArrowLeft: -1, ArrowRight: 1, ArrowUp: -7, ArrowDown: 7 };
const OF_ADDRESS = /\d{4}-\d{2}(?=\/(?:\?|$))/;
const dayOf = (iso) => new Date(`${iso}T00:00Z`);

/** The ISO day of a moment (UTC). */
export const isoOf = (day) => day.toISOString().slice(0, 10);

function monthsOn(iso, months) {
  const day = dayOf(iso);
  const number = day.getUTCDate();
  day.setUTCDate(1);
  day.setUTCMonth(day.getUTCMonth() + months);
  const last = new Date(Date.UTC(day.getUTCFullYear(), day.getUTCMonth() + 1, 0)).getUTCDate();
  day.setUTCDate(Math.min(number, last));
  return isoOf(day);
}

const daysOn = (iso, days) => isoOf(new Date(dayOf(iso).getTime() + days * DAY));

/** The day to which a key leads from another one; undefined where it leads nowhere. */
function reached(event, iso) {
  const weekday = (dayOf(iso).getUTCDay() + 6) % 7; // Monday is 0
  if (event.key === "PageUp") return monthsOn(iso, event.shiftKey ? -12 : -1);
  if (event.key === "PageDown") return monthsOn(iso, event.shiftKey ? 12 : 1);
  if (event.shiftKey) return undefined;
  if (event.key === "Home") return daysOn(iso, -weekday);
  if (event.key === "End") return daysOn(iso, 6 - weekday);
  return DAYS[event.key] && daysOn(iso, DAYS[event.key]);
}

class MonthDialog {
  constructor({ iso, beside, choose }) {
    Object.assign(this, { iso, chosen: iso, beside, choose, asked: 0 });
    this.dialog = document.createElement("dialog");
    this.dialog.className = "month-dialog";
    this.dialog.setAttribute("aria-labelledby", "month-name");
    this.body = document.createElement("div");
    this.said = Object.assign(document.createElement("p"), { className: "hide" });
    this.said.setAttribute("role", "status");
    this.dialog.append(this.body, this.said);
    this.dialog.addEventListener("keydown", (event) => this.pressed(event));
    this.dialog.addEventListener("click", (event) => this.clicked(event));
    this.dialog.addEventListener("close", () => this.dialog.remove());
  }

  /** Shows the month at an address. False where the server does not give it. */
  async load(address) {
    const turn = ++this.asked;
    const answer = await fetch(address, { headers: { "HX-Request": "true" } }).catch(() => null);
    if (!answer?.ok) return false;
    const markup = await answer.text();
    if (turn !== this.asked) return true; // another month is on its way
    this.address = answer.url;
    this.body.innerHTML = markup;
    this.body.querySelector("table").setAttribute("role", "grid");
    this.body.querySelector(".month-foot").hidden = false;
    this.link(this.chosen)?.parentElement.setAttribute("aria-selected", "true");
    return true;
  }

  link(iso) {
    return this.body.querySelector(`[data-iso="${iso}"]`);
  }

  // One stop for the Tab key.
  rove(to) {
    for (const link of this.body.querySelectorAll("[data-iso]")) link.tabIndex = link === to ? 0 : -1;
  }

  async open(address) {
    if (!(await this.load(address))) return false;
    document.body.append(this.dialog);
    this.dialog.showModal();
    this.place();
    const start = this.link(this.iso) ?? this.body.querySelector("[aria-current]") ?? this.link(this.first());
    this.iso = start.dataset.iso;
    this.rove(start);
    start.focus();
    return true;
  }

  first() {
    return this.body.querySelector("[data-first]").dataset.first;
  }

  // Below what opened it, or above, and inside the window.
  place() {
    const from = this.beside.getBoundingClientRect();
    const { offsetWidth: width, offsetHeight: height } = this.dialog;
    const isBelow = from.bottom + GAP + height <= innerHeight || from.top < innerHeight / 2;
    const top = isBelow ? from.bottom + GAP : from.top - GAP - height;
    const most = (room, size) => Math.max(GAP, room - size - GAP);
    this.dialog.style.left = `${Math.min(Math.max(GAP, from.left), most(document.documentElement.clientWidth, width))}px`;
    this.dialog.style.top = `${Math.min(Math.max(GAP, top), most(innerHeight, height))}px`;
  }

  async goTo(iso) {
    const before = this.iso;
    this.iso = iso; // the next key leads on from here, also while the month is on its way
    const address = this.address.replace(OF_ADDRESS, iso.slice(0, 7));
    if (!this.link(iso) && !(await this.load(address))) {
      this.iso = before;
      return;
    }
    const to = this.link(this.iso);
    if (!to) return;
    this.rove(to);
    to.focus();
  }

  pressed(event) {
    const link = event.target.closest("[data-iso]");
    if (!link || event.ctrlKey || event.metaKey || event.altKey) return;
    const iso = reached(event, this.iso);
    if (iso) this.goTo(iso);
    else if (event.key === " ") link.click();
    else return;
    event.preventDefault();
  }

  // A press on the dialog itself is one beside what it shows.
  clicked(event) {
    const link = event.target.closest("a");
    if (event.target === this.dialog || event.target.closest("[data-closes]")) this.dialog.close();
    else if (!link || event.ctrlKey || event.metaKey || event.shiftKey) return;
    else if (link.dataset.iso) this.chose(event, link);
    else this.turn(event, link);
  }

  chose(event, link) {
    if (!this.choose) return; // a link to that day
    event.preventDefault();
    this.dialog.close();
    this.choose(link.dataset.iso);
  }

  // The button keeps the focus, and the month is said.
  async turn(event, button) {
    event.preventDefault();
    const name = button.getAttribute("aria-label");
    if (!(await this.load(button.href))) return;
    this.iso = this.first();
    this.rove(this.link(this.iso));
    const buttons = [...this.body.querySelectorAll(".month-head a")];
    buttons.find((each) => each.getAttribute("aria-label") === name)?.focus();
    this.said.textContent = this.body.querySelector("h2").textContent;
  }
}

/**
 * Opens the month at an address beside an element, at a day (ISO). `choose(iso)` is called for the day that is
 * chosen; without it the days are links. False where the server does not give the month.
 */
export function openMonth(address, { iso, beside, choose }) {
  return new MonthDialog({ iso, beside, choose }).open(address);
}
