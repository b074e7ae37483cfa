// A board that stays true by itself: it asks every few seconds whether anything changed, and says so when it
// cannot know. Without this file the page shows what was when it was loaded. Focus, scroll and half-typed forms
// stay as they are.

import { GRAIN, nearest, rowOf } from "./board_cells.js";
import { countMinutes, linkTo, reloader, textOf } from "./page.js";

const EVERY = 4000; // a change elsewhere shows within five seconds
const PATIENCE = 10000; // for one answer
const SLOWLY = 15000; // while the server is away or the person signed out
const ROW = 60 * GRAIN; // seconds
const MOST_SENTENCES = 3;

const live = document.getElementById("live");
const said = document.getElementById("said");
const stale = document.getElementById("stale");
const clock = new Intl.DateTimeFormat("en-GB", {
  hour: "2-digit",
  minute: "2-digit",
  timeZone: live.dataset.zone,
});
const time = (seconds) => clock.format(new Date(seconds * 1000));
const fill = (text, values) => text.replace(/\{(\w+)\}/g, (_, name) => values[name]);
const parts = (selector, ...roots) => roots.map((root) => root.querySelector(selector));

// The server's clock, as far as it is known: this computer's may be wrong.
const aheadOf = (seconds) => Number(seconds) - Date.now() / 1000;
let ahead = aheadOf(live.dataset.now);
const now = () => Date.now() / 1000 + ahead;

let asOf = now();
let sent = columnsOf(live); // what the server sent for each column, before scripts touched it
let failures = 0;
let timer = 0;
let isUnderWay = false;
let isWanted = false; // somebody wants to know while an answer is under way

function columnsOf(root) {
  return new Map([...root.querySelectorAll(".doc")].map((column) => [column.id, column.outerHTML]));
}

function visitsOf(root) {
  const found = new Map();
  for (const card of root.querySelectorAll(".day > .v")) {
    const link = card.querySelector("a");
    const doctor = textOf(card.closest(".doc").querySelector("h2"));
    found.set(link.getAttribute("href"), { version: card.dataset.version, visit: textOf(link), doctor });
  }
  return found;
}

function hoursOf(root) {
  return [...root.querySelectorAll(".day > :is(.w, .o)")].map((part) => part.outerHTML).join();
}

function whatChanged(before, after) {
  const sentences = [];
  for (const [address, visit] of after) {
    if (before.get(address)?.version !== visit.version) sentences.push(fill(said.dataset.changed, visit));
  }
  for (const [address, visit] of before) {
    if (!after.has(address)) sentences.push(fill(said.dataset.gone, visit));
  }
  if (sentences.length > MOST_SENTENCES) return fill(said.dataset.more, { n: sentences.length });
  return sentences.join(" ");
}

// The element that has the focus, by its address; where that is gone, what now stands in its place.
function rememberFocus() {
  const focused = document.activeElement;
  const address = live.contains(focused) && focused.getAttribute("href");
  if (!address) return () => {};
  const column = focused.closest(".doc")?.id;
  const row = rowOf(focused) || 0;
  return () => {
    if (document.activeElement === focused && focused.isConnected) return;
    const cells = document.getElementById(column)?.querySelectorAll(".day > li > a") ?? [];
    const next = linkTo(address, live) || nearest(cells, row) || live.querySelector(".board");
    next.focus({ preventScroll: true });
  };
}

function replaceColumns(fresh, arrived) {
  for (const [id, html] of arrived) {
    if (sent.get(id) !== html) {
      document.getElementById(id).replaceWith(fresh.querySelector(`#${CSS.escape(id)}`));
    }
  }
  for (const selector of [".axis", ".now"]) {
    const [shown, next] = parts(selector, live, fresh);
    if (shown && next) shown.replaceWith(next);
  }
}

function replaceBoard(fresh) {
  const giveBack = rememberFocus();
  const arrived = columnsOf(fresh);
  const [board, next] = parts(".board", live, fresh);
  const hasSameColumns = [...sent.keys()].join() === [...arrived.keys()].join();
  if (board.className === next.className && hasSameColumns) replaceColumns(fresh, arrived);
  else {
    board.className = next.className;
    board.querySelector(".sheet").replaceWith(next.querySelector(".sheet"));
  }
  for (const selector of [".sum", ".board-jump", ".closing", ".types"]) {
    const [shown, other] = parts(selector, live, fresh);
    if (shown.innerHTML !== other.innerHTML) shown.replaceWith(other);
  }
  sent = arrived;
  Object.assign(live.dataset, fresh.dataset);
  ahead = aheadOf(live.dataset.now);
  giveBack();
}

function show(html, isQuiet) {
  const page = new DOMParser().parseFromString(html, "text/html");
  const fresh = page.getElementById("live");
  // An answer without a board, or with none on this page: the page itself has to be asked again.
  if (!fresh) {
    location.reload();
    return;
  }
  const [before, after] = [live, fresh].map(visitsOf);
  const hours = hoursOf(live) === hoursOf(fresh) ? "" : said.dataset.hours;
  replaceBoard(fresh);
  // What only time has changed, such as a free start that is past, is not announced.
  if (!isQuiet) said.textContent = whatChanged(before, after) || hours;
  document.body.dispatchEvent(new CustomEvent("board:refreshed", { detail: page }));
  tick();
}

function moveNowLine() {
  const line = document.getElementById("now-line");
  if (!line) return;
  const tag = document.getElementById("now-tag");
  const servedAt = Math.floor(Number(live.dataset.now) / ROW) * ROW;
  const row = Number(line.dataset.row) + (now() - servedAt) / ROW;
  line.style.setProperty("--t", row);
  tag.style.setProperty("--t", Math.floor(row));
  line.hidden = tag.hidden = row > Number(line.dataset.end);
  tag.textContent = time(now());
}

function tick() {
  countMinutes(live, now());
  moveNowLine();
}

function markFresh() {
  asOf = now();
  failures = 0;
  stale.hidden = true;
  document.getElementById("fresh").textContent = fill(said.dataset.asOf, { time: time(asOf) });
}

function warn(text, reload) {
  const sentence = fill(text, { time: time(asOf) });
  if (!stale.textContent.startsWith(sentence)) {
    stale.replaceChildren(sentence, ...(reload ? [" ", reloader(reload)] : []));
  }
  stale.hidden = false;
}

function fetchChanges() {
  const address = new URL(live.dataset.changes, location.href);
  address.searchParams.set("token", live.dataset.token);
  return fetch(address, {
    headers: { "HX-Request": "true" },
    redirect: "error",
    signal: AbortSignal.timeout(PATIENCE),
  });
}

/** Takes an answer; gives how long to wait for the next one. */
async function take(answer, isQuiet) {
  if (answer.status === 401) {
    warn(stale.dataset.signedOut, stale.dataset.reload);
    return SLOWLY;
  }
  if (answer.status === 404 && document.querySelector(".moving")) {
    location.reload(); // the visit that was to be moved may not be moved any more
    return EVERY;
  }
  if (!answer.ok) throw new Error(answer.status);
  const html = answer.status === 204 ? "" : await answer.text();
  if (html && !document.body.dataset.dragging) show(html, isQuiet);
  markFresh();
  return EVERY;
}

async function ask(isQuiet = false) {
  if (isUnderWay) {
    isWanted = true;
    return;
  }
  isUnderWay = true;
  clearTimeout(timer);
  let wait = EVERY;
  try {
    wait = await take(await fetchChanges(), isQuiet);
  } catch {
    failures += 1;
    if (failures > 1) warn(stale.dataset.away);
    if (failures > 3) wait = SLOWLY;
  }
  isUnderWay = false;
  if (isWanted) wait = 0;
  isWanted = false;
  if (!document.hidden) timer = setTimeout(ask, wait);
}

document.addEventListener("visibilitychange", () => {
  clearTimeout(timer);
  if (!document.hidden) ask();
});
addEventListener("online", () => ask());
document.body.addEventListener("clinic:changed", () => ask(true));
setInterval(tick, 5000);
tick();
timer = setTimeout(ask, EVERY);
