// A board that stays true by itself: it asks every few seconds whether anything changed, and says so when it cannot know.
// Without this file the page shows what was when it was loaded. Focus, scroll and half-typed forms stay as they are.
"use strict";

{
  const EVERY = 4000; // a change elsewhere shows within five seconds
  const PATIENCE = 10000; // for one answer
  const SLOWLY = 15000; // while the server is away or the person signed out
  const live = document.getElementById("live");
  const said = document.getElementById("said");
  const stale = document.getElementById("stale");

  const clock = new Intl.DateTimeFormat("en-GB", { hour: "2-digit", minute: "2-digit", timeZone: live.dataset.zone });
  const time = (seconds) => clock.format(new Date(seconds * 1000));
  const fill = (text, values) => text.replace(/\{(\w+)\}/g, (_, name) => values[name]);
  const textOf = (element) => element.textContent.replace(/\s+/g, " ").replace(/ ,/g, ",").trim();

  // The server's clock, as far as it is known: this computer's may be wrong.
  let ahead = Number(live.dataset.now) - Date.now() / 1000;
  const now = () => Date.now() / 1000 + ahead;
  let asOf = now();

  // What the server sent for each column, before scripts touched it.
  const sectionsOf = (root) => new Map([...root.querySelectorAll(".doc")].map((doc) => [doc.id, doc.outerHTML]));
  let sent = sectionsOf(live);

  const visitsOf = (root) => {
    const found = new Map();
    for (const slip of root.querySelectorAll(".day > .v")) {
      const link = slip.querySelector("a");
      const doctor = textOf(slip.closest(".doc").querySelector("h2"));
      found.set(link.getAttribute("href"), { version: slip.dataset.version, visit: textOf(link), doctor });
    }
    return found;
  };

  const sentences = (before, after) => {
    const found = [];
    for (const [address, visit] of after) {
      if (before.get(address)?.version !== visit.version) found.push(fill(said.dataset.changed, visit));
    }
    for (const [address, visit] of before) {
      if (!after.has(address)) found.push(fill(said.dataset.gone, visit));
    }
    if (found.length > 3) return fill(said.dataset.more, { n: found.length });
    return found.join(" ");
  };

  const closedOf = (root) => [...root.querySelectorAll(".day > :is(.w, .o)")].map((part) => part.outerHTML).join();

  // The element that has the focus, by its address; where that is gone, what now stands in its place.
  const rememberFocus = () => {
    const focused = document.activeElement;
    if (!live.contains(focused) || !focused.getAttribute("href")) return () => {};
    const address = focused.getAttribute("href");
    const column = focused.closest(".doc")?.id;
    const place = /(?:^| )t(\d+)/.exec(focused.parentElement.className);
    return () => {
      if (document.activeElement === focused && focused.isConnected) return;
      const same = [...live.querySelectorAll("a")].find((link) => link.getAttribute("href") === address);
      const around = [...(document.getElementById(column)?.querySelectorAll(".day > li > a") || [])];
      const distance = (link) => Math.abs(Number(/(?:^| )t(\d+)/.exec(link.parentElement.className)[1]) - (place?.[1] || 0));
      const next = same || around.sort((one, other) => distance(one) - distance(other))[0] || live.querySelector(".board");
      next.focus({ preventScroll: true });
    };
  };

  const swap = (fresh) => {
    const giveBack = rememberFocus();
    const arrived = sectionsOf(fresh);
    const [board, newBoard] = [live, fresh].map((root) => root.querySelector(".board"));
    const sameShape = board.className === newBoard.className && [...sent.keys()].join() === [...arrived.keys()].join();
    if (sameShape) {
      for (const [id, html] of arrived) {
        if (sent.get(id) !== html) document.getElementById(id).replaceWith(fresh.querySelector(`#${CSS.escape(id)}`));
      }
      for (const part of [".axis", ".now"]) {
        const [old, next] = [live, fresh].map((root) => root.querySelector(part));
        if (old && next) old.replaceWith(next);
      }
    } else {
      board.className = newBoard.className;
      board.querySelector(".sheet").replaceWith(newBoard.querySelector(".sheet"));
    }
    for (const part of [".sum", ".board-jump"]) {
      const [old, next] = [live, fresh].map((root) => root.querySelector(part));
      if (old.innerHTML !== next.innerHTML) old.replaceWith(next);
    }
    sent = arrived;
    Object.assign(live.dataset, fresh.dataset);
    ahead = Number(live.dataset.now) - Date.now() / 1000;
    giveBack();
  };

  const show = (html, quietly) => {
    const page = new DOMParser().parseFromString(html, "text/html");
    const fresh = page.getElementById("live");
    // An answer without a board, or with none on this page: the page itself has to be asked again.
    if (!fresh) return location.reload();
    const before = visitsOf(live);
    const after = visitsOf(fresh);
    const closed = closedOf(live) === closedOf(fresh) ? "" : said.dataset.hours;
    swap(fresh);
    // What only time has changed, such as a free start that is past, is not announced.
    if (!quietly) said.textContent = sentences(before, after) || closed;
    document.body.dispatchEvent(new CustomEvent("board:refreshed", { detail: page }));
    return tick();
  };

  const tick = () => {
    for (const minutes of live.querySelectorAll("[data-since]")) {
      const waited = Math.max(0, Math.floor((now() - Number(minutes.dataset.since)) / 60));
      if (minutes.textContent !== String(waited)) minutes.textContent = waited;
    }
    const line = document.getElementById("now-line");
    if (!line) return;
    const served = Number(live.dataset.now);
    const row = Number(line.dataset.row) + (now() - Math.floor(served / 300) * 300) / 300;
    const tag = document.getElementById("now-tag");
    const over = row > Number(line.dataset.end);
    for (const part of [line, tag]) {
      part.hidden = over;
      part.style.setProperty("--t", part === line ? row : Math.floor(row));
    }
    tag.textContent = time(now());
  };

  const confirmed = () => {
    asOf = now();
    failures = 0;
    stale.hidden = true;
    document.getElementById("fresh").textContent = fill(said.dataset.asOf, { time: time(asOf) });
  };

  const warn = (text) => {
    const sentence = fill(text, { time: time(asOf) });
    if (stale.textContent !== sentence) stale.textContent = sentence;
    stale.hidden = false;
  };

  let failures = 0;
  let timer = 0;
  let underWay = false;
  let again = false;

  const ask = async (quietly = false) => {
    if (underWay) {
      again = true;
      return;
    }
    underWay = true;
    clearTimeout(timer);
    let wait = EVERY;
    try {
      const address = new URL(live.dataset.changes, location.href);
      address.searchParams.set("token", live.dataset.token);
      const answer = await fetch(address, {
        headers: { "HX-Request": "true" },
        redirect: "error",
        signal: AbortSignal.timeout(PATIENCE),
      });
      if (answer.status === 401) {
        warn(stale.dataset.signedOut);
        wait = SLOWLY;
      } else if (answer.ok) {
        const html = answer.status === 204 ? "" : await answer.text();
        if (html && !document.body.dataset.dragging) show(html, quietly);
        confirmed();
      } else if (answer.status === 404 && document.querySelector(".moving")) {
        location.reload(); // the visit that was to be moved may not be moved any more
      } else {
        throw new Error(answer.status);
      }
    } catch {
      failures += 1;
      if (failures > 1) warn(stale.dataset.away);
      if (failures > 3) wait = SLOWLY;
    }
    underWay = false;
    if (again) wait = 0;
    again = false;
    if (!document.hidden) timer = setTimeout(ask, wait);
  };

  document.addEventListener("visibilitychange", () => {
    clearTimeout(timer);
    if (!document.hidden) ask();
  });
  addEventListener("online", () => ask());
  document.body.addEventListener("clinic:changed", () => ask(true));
  setInterval(tick, 5000);
  tick();
  timer = setTimeout(ask, EVERY);
}
