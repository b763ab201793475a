// Comforts of the desk; every form works without them.
"use strict";

(() => {
  // Questions that depend on another answer of the same form are shown when they are asked.
  const answer = (form, name) => {
    const given = new FormData(form).getAll(name).filter((one) => typeof one !== "string" || one.trim());
    return given.map(String);
  };
  const holds = (rule, form) => {
    if (typeof rule === "boolean") return rule;
    if (rule.any) return rule.any.some((part) => holds(part, form));
    if (rule.all) return rule.all.every((part) => holds(part, form));
    if (rule.not) return !holds(rule.not, form);
    const given = answer(form, rule.field);
    if (rule.is) return given.some((one) => rule.is.includes(one));
    return (given.length > 0) === rule.given;
  };
  const follow = (form) => {
    const look = () => {
      for (const question of form.querySelectorAll("[data-asked]")) {
        question.hidden = !holds(JSON.parse(question.dataset.asked), form);
      }
      for (const question of form.querySelectorAll("[data-required]")) {
        const needed = holds(JSON.parse(question.dataset.required), form);
        const note = question.querySelector("[data-optional]");
        if (note) note.hidden = needed;
      }
    };
    form.addEventListener("change", look);
    form.addEventListener("input", look);
    look();
  };

  // What is hidden was not asked: it is not sent.
  const leaveOut = (form) => {
    form.addEventListener("formdata", (event) => {
      for (const input of form.querySelectorAll("[data-asked][hidden] :is(input, select, textarea)")) {
        event.formData.delete(input.name);
      }
    });
  };

  const begin = (root) => {
    for (const form of root.querySelectorAll("form[data-conditions]")) {
      follow(form);
      leaveOut(form);
    }
  };
  begin(document);
  document.addEventListener("htmx:load", (event) => {
    if (event.target === document.body) return;
    begin(event.target.parentElement || event.target);
    const title = document.getElementById("step-title");
    if (title && event.target.contains(title)) {
      const first = event.target.querySelector("textarea, input:not([type=hidden]), select:not([hidden])");
      (first || title).focus();
    }
    const unmasked = event.target.querySelector?.(".unmasked");
    if (unmasked) unmasked.focus();
  });

  // A part that does not arrive is asked for as a whole page: the browser says what is the matter.
  for (const failed of ["htmx:sendError", "htmx:responseError"]) {
    document.addEventListener(failed, (event) => {
      const link = event.target.closest("a[href]");
      if (link) location.assign(link.href);
    });
  }

  // Ctrl+Enter (⌘ Enter) sends the form one is writing in.
  document.addEventListener("keydown", (event) => {
    if (event.key !== "Enter" || !(event.ctrlKey || event.metaKey)) return;
    const form = event.target.closest?.("form[data-conditions]");
    if (form) form.requestSubmit();
  });

  // Tick all; say how many are ticked.
  document.addEventListener("change", (event) => {
    const all = event.target.closest("[data-tick-all]");
    const form = event.target.closest("form");
    if (!form) return;
    const ticks = [...form.querySelectorAll(".list input[name=number]")];
    if (all) for (const tick of ticks) tick.checked = all.checked;
    const button = form.querySelector("[data-together]");
    if (button) button.disabled = !ticks.some((tick) => tick.checked);
  });
  const wait = (root) => {
    for (const button of root.querySelectorAll("[data-together]")) {
      button.disabled = !button.form.querySelector(".list input[name=number]:checked");
    }
  };
  wait(document);
  document.addEventListener("htmx:load", (event) => wait(event.target));

  // On the page of registration one writes at once.
  const first = document.querySelector("form[data-first] :is(input:not([type=hidden]), textarea)");
  if (first && !document.querySelector(".errors")) first.focus();
})();
