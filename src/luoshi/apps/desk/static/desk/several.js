// A long list of boxes gets a field that narrows it down: every [data-several]. What is ticked stays
// in sight. Without this file the list is the same, only longer.
"use strict";

(() => {
  const plain = (text) => text.toLowerCase().replace(/\s+/g, "");

  const narrow = (lines, sought) => {
    for (const line of lines) {
      const fits = plain(line.dataset.sought || "").includes(sought);
      line.hidden = !fits && !line.querySelector("input").checked;
    }
  };

  const build = (box) => {
    if (box.dataset.built) return;
    box.dataset.built = "yes";
    const lines = [...box.querySelectorAll("[data-sought]")];
    const input = document.createElement("input");
    Object.assign(input, { type: "search", className: "form-control", autocomplete: "off", placeholder: box.dataset.several });
    input.setAttribute("aria-label", box.dataset.several);
    input.addEventListener("input", () => narrow(lines, plain(input.value)));
    input.addEventListener("keydown", (event) => {
      if (event.key === "Enter") event.preventDefault();
    });
    box.before(input);
  };

  const all = (root) => root.querySelectorAll("[data-several]").forEach(build);
  document.addEventListener("DOMContentLoaded", () => all(document));
  document.addEventListener("htmx:load", (event) => all(event.detail.elt));
})();
