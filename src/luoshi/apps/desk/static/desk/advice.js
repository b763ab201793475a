// A suggestion fills in its field; the person may choose anything else, as before.
"use strict";

(() => {
  const taken = (form, name, value) => {
    const control = form.elements[name];
    if (!control) return null;
    if (control instanceof RadioNodeList) {
      control.value = value;
      return [...control].find((one) => one.checked) || null;
    }
    if (![...control.options].some((one) => one.value === value)) return null;
    control.value = value;
    const shown = control.parentElement.querySelector(".picker input");
    if (shown) shown.value = control.selectedOptions[0].textContent.trim();
    return control;
  };

  const mark = (form) => {
    for (const chip of form.querySelectorAll("[data-take]")) {
      const control = form.elements[chip.dataset.take];
      chip.setAttribute("aria-pressed", String(Boolean(control) && control.value === chip.dataset.value));
    }
  };

  document.addEventListener("click", (event) => {
    const chip = event.target.closest("[data-take]");
    if (!chip) return;
    const control = taken(chip.form, chip.dataset.take, chip.dataset.value);
    if (control) control.dispatchEvent(new Event("change", { bubbles: true }));
  });
  document.addEventListener("change", (event) => event.target.form && mark(event.target.form));
  // New suggestions take the place of the old ones: what says the same is left alone, so that voices do not
  // read it again, and the one that was pressed keeps the focus; if it is gone, its field has it.
  const told = (root) => [root.textContent.trim(), ...[...root.querySelectorAll("[data-take], input")].map(
    (one) => one.dataset.value || one.value)].join("\n");
  let pressed = null;
  document.addEventListener("htmx:oobBeforeSwap", (event) => {
    const { target, fragment } = event.detail;
    if (told(target) === told(fragment)) event.detail.shouldSwap = false;
    const chip = document.activeElement?.closest?.("[data-take]");
    if (chip) pressed = { ...chip.dataset };
  });
  document.addEventListener("htmx:oobAfterSwap", () => {
    document.querySelectorAll("form").forEach(mark);
    if (!pressed || (document.activeElement && document.activeElement !== document.body)) return;
    const same = [...document.querySelectorAll("[data-take]")].find(
      (one) => one.dataset.take === pressed.take && one.dataset.value === pressed.value);
    (same || document.getElementById(`q-${pressed.take}`))?.focus();
    pressed = null;
  });
  const begin = (root) => {
    root.querySelectorAll("form").forEach(mark);
    for (const one of root.querySelectorAll("[data-needs-script]")) one.hidden = false;
  };
  begin(document);
  document.addEventListener("htmx:load", (event) => begin(event.target.parentElement || event.target));

  // What was hidden in proposed words goes back to where it stood, and can be undone like typing.
  const waiting = (form, field, standIn) => [...form.querySelectorAll("[data-put-back]")].filter(
    (one) => one.dataset.putBack === field && one.dataset.standIn === standIn && !one.disabled);
  document.addEventListener("click", (event) => {
    const button = event.target.closest("[data-put-back]");
    if (!button) return;
    const { putBack: field, standIn, words } = button.dataset;
    const control = button.form.elements[field];
    let at = -1;
    for (const one of waiting(button.form, field, standIn)) {
      at = control.value.indexOf(standIn, at + 1);
      if (one === button) break;
    }
    button.disabled = true;
    control.focus();
    if (at < 0) return;
    control.setSelectionRange(at, at + standIn.length);
    if (!document.execCommand("insertText", false, words)) control.setRangeText(words);
    control.setSelectionRange(at, at + words.length);
  });
  document.addEventListener("input", ({ target }) => {
    for (const one of target.form?.querySelectorAll("[data-put-back]:disabled") || []) {
      const { putBack: field, standIn } = one.dataset;
      const left = target.value.split(standIn).length - 1;
      if (field === target.name && left > waiting(target.form, field, standIn).length) one.disabled = false;
    }
  });

  // What was noticed in an answer is read before it is sent.
  const noticed = document.querySelector("[data-noticed]");
  if (noticed) noticed.focus();
})();
