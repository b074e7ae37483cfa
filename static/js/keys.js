// One key does what a link, button or field of the page does, named by its `aria-keyshortcuts` (docs/keys.md).
// Everything works without this file.
"use strict";

{
  const FIELD = "textarea, select, input:not([type=checkbox], [type=radio], [type=button], [type=submit])";
  const help = document.getElementById("keys");
  const singleKeys = document.body.dataset.singleKeys !== "off";

  const pressed = (event) => {
    const combined = event.ctrlKey || event.metaKey;
    if (event.key === "Enter" && combined && !event.altKey && !event.shiftKey) return "Control+Enter";
    // "/" and "?" need Shift on many keyboards; a letter with Shift is somebody's own shortcut.
    const shifted = event.shiftKey && /\p{L}/u.test(event.key);
    if (combined || event.altKey || shifted || event.key.length !== 1) return null;
    return event.key.toLowerCase();
  };

  const keysOf = (element) => element.getAttribute("aria-keyshortcuts").split(" ");

  // What is visible, the page's own before the header's.
  const owners = (within) =>
    [...within.querySelectorAll("[aria-keyshortcuts]")]
      .filter((element) => !element.disabled && element.checkVisibility({ visibilityProperty: true }))
      .sort((one, other) => Boolean(one.closest(".top")) - Boolean(other.closest(".top")));

  const nameOf = (element) => {
    const spoken = element.getAttribute("aria-label") || element.labels?.[0]?.textContent;
    if (spoken) return spoken.trim();
    const copy = element.cloneNode(true);
    copy.querySelectorAll("kbd, [aria-hidden=true]").forEach((part) => part.remove());
    return copy.textContent.trim().replace(/\s+/g, " ");
  };

  const shownKey = (key) => (key === "Control+Enter" ? ["Ctrl", "⏎"] : [key.toUpperCase()]);

  // The page's own keys go on top; those of the header are in the list that the server wrote.
  const fill = () => {
    const section = document.getElementById("keys-here");
    const list = section.querySelector("dl");
    const seen = new Set();
    list.replaceChildren();
    for (const element of owners(document)) {
      if (element.closest(".top, dialog")) continue;
      for (const key of keysOf(element)) {
        if (seen.has(key)) continue;
        seen.add(key);
        const row = document.createElement("div");
        const term = document.createElement("dt");
        const keys = document.createElement("dd");
        term.textContent = nameOf(element);
        for (const part of shownKey(key)) {
          const kbd = document.createElement("kbd");
          kbd.textContent = part;
          keys.append(kbd);
        }
        row.append(term, keys);
        list.append(row);
      }
    }
    section.hidden = seen.size === 0;
    // What the page named itself needs not be said twice.
    for (const row of help.querySelectorAll("[data-of-pages] .keys > div")) {
      row.hidden = seen.has(row.querySelector("kbd").textContent.toLowerCase());
    }
    for (const group of help.querySelectorAll("[data-of-pages]")) {
      group.hidden = !group.querySelector(".keys > div:not([hidden])");
    }
  };

  const openHelp = () => {
    fill();
    // So that the focus comes back to something that is seen: a menu closes under the list.
    const menu = document.activeElement?.closest("details.menu[open]");
    if (menu) {
      menu.querySelector("summary").focus();
      menu.open = false;
    }
    help.showModal();
  };

  const use = (element) => {
    if (!element.matches(FIELD)) return element.click();
    element.focus();
    if (element.select) element.select();
    return undefined;
  };

  document.addEventListener("keydown", (event) => {
    if (event.defaultPrevented || event.isComposing || event.repeat) return;
    const key = pressed(event);
    if (!key) return;
    const open = document.querySelector("dialog[open]");
    if (key !== "Control+Enter") {
      const typing = event.target.isContentEditable || event.target.matches?.(FIELD);
      if (!singleKeys || typing || open) return;
    }
    const owner = owners(open || document).find((element) => keysOf(element).includes(key));
    if (owner) {
      event.preventDefault();
      use(owner);
    } else if (key === "?" && help) {
      event.preventDefault();
      openHelp();
    }
  });

  document.addEventListener("click", (event) => {
    const link = event.target.closest?.("[data-opens-keys]");
    if (!link || !help || event.ctrlKey || event.metaKey || event.shiftKey) return;
    event.preventDefault();
    openHelp();
  });

  // A press beside the list closes it.
  help?.addEventListener("click", (event) => {
    if (event.target === help) help.close();
  });
}
