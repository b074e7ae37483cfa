// The end of a session, told where somebody is typing: before it (nothing was pressed for long), and after it.
// Pages work without this file: a form that is sent then brings the sign-in page, and is shown again afterwards.

// 401: signed out. 403: signed in again elsewhere, and this page's forms still carry the old token.
document.addEventListener("htmx:responseError", (event) => {
  const { status } = event.detail.xhr;
  if (status !== 401 || document.querySelector(".toast--top, .ended")) return;
  document.body.append(document.getElementById("signed-out").content.cloneNode(true));
});

// Once a part arrives again, somebody has signed in.
document.addEventListener("htmx:afterOnLoad", (event) => {
  if (event.detail.xhr.status < 400) document.querySelector(".toast--top")?.remove();
});

// A form that is shown again stands at the address of signing in, until here.
{
  const again = document.querySelector("[data-here]");
  if (again) {
    history.replaceState(null, "", again.dataset.here);
    again.focus(); // not the field at which the page would begin
  }
}

{
  const session = document.getElementById("session");
  const WARNED = 120; // seconds before the end
  const TOLD = 60; // what is pressed reaches the server once in so many seconds
  const ASKED = 15; // while the warning stands, another tab may have been used
  const TICK = 1; // a computer that slept wakes up to the right time

  const now = () => Date.now() / 1000;
  let end = now() + Number(session?.dataset.left);
  let isFinal = session?.dataset.final === "yes"; // the end that pressing something does not put off
  let wasPressed = false;
  let wasTyped = false;
  let underWay = false;
  let next = 0; // not before this is the server asked again
  let token = session?.dataset.token;
  let toldAt = now();

  const warning = () => document.querySelector("body > .idle");
  const cover = () => document.querySelector("body > .ended");
  const secondsLeft = () => end - now();

  // The parts of one of the two kinds, and of these only what holds.
  const shown = (element, kind, minutes) => {
    const other = kind === "final" ? "idle" : "final";
    for (const part of element.querySelectorAll(`[data-${other}]`)) part.hidden = true;
    for (const part of element.querySelectorAll(`[data-${kind}]`)) {
      part.hidden = Boolean(minutes) && part.dataset[kind] !== minutes;
    }
    return element;
  };
  const fresh = (selector) => session.content.querySelector(selector).cloneNode(true);
  const kind = () => (isFinal ? "final" : "idle");

  const warn = () => {
    const minutes = secondsLeft() > WARNED / 2 ? "2" : "1";
    const stands = warning();
    const words = `${kind()} ${minutes}`;
    if (stands?.dataset.words === words) return;
    const element = stands || fresh(".idle");
    element.dataset.words = words;
    shown(element, kind(), minutes).querySelector("[data-stays]").hidden = isFinal;
    if (!stands) document.body.append(element);
  };

  const coverUp = () => {
    warning()?.remove();
    document.querySelector(".toast--top")?.remove();
    const element = shown(fresh(".ended"), kind());
    const again = element.querySelector("[data-again]");
    again.href = `${again.getAttribute("href")}?${new URLSearchParams({ next: location.pathname + location.search })}`;
    again.hidden = wasTyped;
    for (const part of element.querySelectorAll("[data-typed]")) part.hidden = !wasTyped;
    element.addEventListener("cancel", (event) => event.preventDefault());
    document.querySelector("dialog[open]")?.close();
    document.body.append(element);
    element.showModal();
  };

  const uncover = () => {
    cover()?.close(); // gives the focus back
    cover()?.remove();
  };

  const heard = (told) => {
    end = now() + told.left;
    isFinal = told.is_final;
    token = told.token; // another one after signing in again
    if (told.left > WARNED) warning()?.remove();
    if (told.left > 0) uncover();
    else if (!cover()) coverUp();
  };

  const send = async (address, options) => {
    underWay = true;
    next = now() + ASKED;
    try {
      const answer = await fetch(address, { signal: AbortSignal.timeout(10000), ...options });
      if (answer.ok) heard(await answer.json());
      else if (answer.status === 403) heard(await (await fetch(session.dataset.ask)).json());
    } catch {
      // The server is away: it is asked and told again, and the form keeps what was typed.
      wasPressed ||= options?.method === "POST";
    }
    underWay = false;
  };

  const ask = () => {
    if (!underWay) send(session.dataset.ask);
  };
  const stay = () => {
    if (underWay) return; // the press is told with the next tick
    wasPressed = false;
    toldAt = now();
    send(session.dataset.stay, { method: "POST", headers: { "X-CSRFToken": token } });
  };

  const tick = () => {
    if (cover()) return;
    if (wasPressed && !isFinal && (warning() || now() - toldAt > TOLD)) stay();
    else if (secondsLeft() <= WARNED && now() > next) ask();
    if (secondsLeft() <= 0 && !underWay && !cover()) coverUp();
    else if (secondsLeft() <= WARNED && secondsLeft() > 0) warn();
  };

  if (session) {
    for (const name of ["keydown", "pointerdown"]) {
      addEventListener(name, (event) => (wasPressed ||= event.isTrusted && !cover()), { capture: true, passive: true });
    }
    addEventListener("input", () => (wasTyped = true), { capture: true, passive: true });
    document.addEventListener("click", (event) => {
      if (event.target.closest("[data-stays]")) stay();
    });
    // Back from another tab, where one may have signed out, or in again.
    document.addEventListener("visibilitychange", () => {
      if (!document.hidden) ask();
    });
    setInterval(tick, TICK * 1000);
  }
}
