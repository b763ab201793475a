// Sending a form: it goes out once, and nothing that was typed is lost on the way. What was sent is
// kept in this tab until the next page is here: when the line breaks or the session is over, it
// stands in the form again, with an offer to discard it. Passwords and files are not kept, and nothing
// for another person; of somebody who is not signed in, and may share the computer, not for long.
"use strict";

(() => {
  const KEPT = "kept:", UNDER_WAY = "under way";
  const PATIENCE = 2000, AGAIN = 20000, SOON = 1800 * 1000, SHIFT = 12 * 3600 * 1000; // milliseconds
  const NOT_TYPED = ["password", "file", "submit", "button", "hidden"];
  const KEYS = /^(act|case|.*\.(lon|lat))$/; // hidden, and yet to be the same when sent again
  const words = document.getElementById("sending").dataset;
  const store = (() => {
    try {
      return window.sessionStorage;
    } catch {
      return null; // forbidden in this browser: forms work as they do without this file
    }
  })();

  const isKept = (one) => one.name && (!NOT_TYPED.includes(one.type) || (one.type === "hidden" && KEYS.test(one.name)));
  const keyOf = (form) => KEPT + new URL(form.getAttribute("action") || location.pathname, location).pathname;
  const read = (key) => JSON.parse(store.getItem(key) || "null");
  const isOver = ({ who, at }) => Date.now() - at > (who ? SHIFT : SOON);
  const tidy = () => Object.keys(store).filter((key) => key.startsWith(KEPT) && isOver(read(key))).forEach((key) => store.removeItem(key));
  const typed = (form) => {
    const names = new Set([...form.elements].filter(isKept).map((one) => one.name));
    return [...new FormData(form)].filter(([name, value]) => names.has(name) && typeof value === "string");
  };

  // One line above the buttons, read out when it changes; no words take it away.
  const tell = (form, said) => {
    let line = form.querySelector(".sending");
    if (!line) {
      line = document.createElement("p");
      line.setAttribute("role", "status");
      (form.querySelector(".buttons") || form.lastElementChild).before(line);
    }
    line.className = said ? "sending notice" : "sending";
    line.textContent = said;
  };

  const keep = (form) => {
    const values = store ? typed(form) : [];
    if (!values.length) return;
    const kept = { who: words.who, at: Date.now(), page: location.pathname, values };
    store.setItem(keyOf(form), JSON.stringify(kept));
  };

  const send = (event, form) => {
    if (!navigator.onLine || form.dataset.sent) event.preventDefault();
    if (!navigator.onLine) tell(form, words.offline);
    if (event.defaultPrevented) return;
    form.dataset.sent = "yes";
    setTimeout(() => form.dataset.sent && tell(form, words.slow), PATIENCE);
    setTimeout(() => free(form), AGAIN);
    keep(form);
    if (store) store.setItem(UNDER_WAY, JSON.stringify(keyOf(form)));
  };
  const free = (form) => {
    if (!form.dataset.sent) return;
    delete form.dataset.sent;
    tell(form, "");
  };

  // What was sent has arrived when a page follows on the one with its form, other than signing in.
  const arrive = () => {
    const key = read(UNDER_WAY);
    store.removeItem(UNDER_WAY);
    const isBack = performance.getEntriesByType("navigation")[0]?.type === "back_forward";
    const gate = document.querySelector("main input[type=password]");
    if (gate && key && read(key)) tell(gate.form, words.kept);
    if (!key || isBack || gate) return;
    const before = document.referrer && new URL(document.referrer).pathname;
    if (before === read(key)?.page) store.removeItem(key);
  };

  const fill = (control, values) => {
    if (!["checkbox", "radio"].includes(control.type)) {
      if (values.length) control.value = values[0];
      return;
    }
    control.checked = values.includes(control.value);
    const branch = control.checked && control.closest("details");
    if (branch) branch.open = true;
  };

  const restore = (form) => {
    const key = keyOf(form), kept = read(key);
    if (!kept) return;
    store.removeItem(key);
    if (kept.who !== words.who) return;
    const before = JSON.stringify(seen(form));
    for (const control of [...form.elements].filter(isKept)) {
      fill(control, kept.values.filter(([name]) => name === control.name).map(([, value]) => value));
    }
    if (JSON.stringify(seen(form)) !== before) offer(form);
  };
  const offer = (form) => {
    const button = document.createElement("button");
    Object.assign(button, { type: "button", className: "btn-link", textContent: words.discard });
    button.addEventListener("click", () => location.replace(location.pathname + location.search));
    tell(form, words.back);
    form.querySelector(".sending").append(" ", button);
  };
  const seen = (form) => typed(form).filter(([name]) => !["act", "case"].includes(name));

  const begin = (root) => root.querySelectorAll("form[data-once]").forEach(restore);
  if (store) {
    tidy();
    arrive();
    begin(document);
    document.addEventListener("htmx:load", (event) => {
      if (event.target !== document.body) begin(event.target.parentElement || event.target);
    });
  }
  addEventListener("pageshow", () => document.querySelectorAll("form[data-once]").forEach(free));
  document.addEventListener("submit", (event) => {
    const form = event.target;
    if (form.matches("form[data-once]") && !event.defaultPrevented) send(event, form);
    if (form.matches(".languages")) document.querySelectorAll("form[data-once]").forEach(keep);
    if (form.matches("form[data-forget]") && store) store.clear();
  });
})();
