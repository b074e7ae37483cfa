// Steps of a visit without leaving the page: keys on a card or row that has the focus, and its buttons. Without this file
// the same buttons post as forms, and a visit's own page has all of them.
"use strict";

{
  const STEPS = { o: "confirmed", a: "arrived", s: "in_progress", c: "completed", x: "no_show" };
  const VISIT = /^\/desk\/appointments\/[0-9a-f-]{36}\/$/;
  const here = () => location.pathname + location.search;
  const toasts = () => document.getElementById("toasts");
  const headers = { "HX-Request": "true", ...JSON.parse(document.body.getAttribute("hx-headers")) };

  const linkTo = (address) => [...document.querySelectorAll("main a")].find((a) => a.getAttribute("href") === address);

  const tell = (sentence) => {
    const toast = document.createElement("div");
    toast.className = "toast toast--warn";
    toast.append(Object.assign(document.createElement("p"), { textContent: sentence }));
    toasts().replaceChildren(toast);
  };

  const under = new Set();
  const send = async (action, fields) => {
    const visit = action.replace(/[^/]+\/$/, "");
    if (under.has(visit)) return; // a press that was meant twice
    under.add(visit);
    const slips = () => [...document.querySelectorAll("[data-version]")].filter((slip) => slip.querySelector(`a[href="${visit}"]`));
    slips().forEach((slip) => slip.setAttribute("aria-busy", "true"));
    try {
      const body = new URLSearchParams({ ...fields, next: here() });
      const answer = await fetch(action, { method: "POST", body, headers, redirect: "error" });
      if (!answer.ok) {
        tell(answer.status === 401 || answer.status === 403 ? toasts().dataset.signedOut : toasts().dataset.away);
      } else {
        const fresh = new DOMParser().parseFromString(await answer.text(), "text/html").getElementById("toasts");
        const inside = toasts().contains(document.activeElement);
        toasts().replaceChildren(...fresh.childNodes);
        if (inside) linkTo(visit)?.focus();
        const version = answer.headers.get("Visit-Version");
        if (version) slips().forEach((slip) => (slip.dataset.version = version));
        document.body.dispatchEvent(new CustomEvent("clinic:changed"));
      }
    } catch {
      tell(toasts().dataset.away);
    }
    slips().forEach((slip) => slip.removeAttribute("aria-busy"));
    under.delete(visit);
  };

  document.addEventListener("keydown", (event) => {
    if (event.defaultPrevented || event.repeat || event.isComposing || document.body.dataset.singleKeys === "off") return;
    if (event.ctrlKey || event.metaKey || event.altKey || event.shiftKey || document.querySelector("dialog[open]")) return;
    const slip = event.target.closest?.("[data-version]");
    const address = slip?.querySelector("a")?.getAttribute("href");
    if (!address || !VISIT.test(address)) return;
    const key = event.key.toLowerCase();
    const version = slip.dataset.version;
    if (STEPS[key]) send(`${address}status/`, { version, status: STEPS[key] });
    else if (key === "u") send(`${address}undo/`, { version });
    else if (key === "m") location.assign(`${address}move/`);
    else if (key === "l") location.assign(`${address}cancel/?next=${encodeURIComponent(here())}`);
    else return;
    event.preventDefault();
  });

  document.addEventListener("submit", (event) => {
    const form = event.target;
    if (!form.matches("form[data-step]")) return;
    event.preventDefault();
    // The row moves to another list: the focus goes with the person, not with the button.
    const address = form.getAttribute("action").replace(/[^/]+\/$/, "");
    if (!toasts().contains(form)) linkTo(address)?.focus({ preventScroll: true });
    send(form.getAttribute("action"), Object.fromEntries(new FormData(form, event.submitter)));
  });
}
