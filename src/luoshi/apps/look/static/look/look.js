// Small comforts for every page; nothing here is needed to use one.
"use strict";

// A page that came back with mistakes begins at their summary.
const summary = document.querySelector(".errors");
if (summary) summary.focus();

// A form is sent once, however often its button is pressed.
for (const form of document.querySelectorAll("form[data-once]")) {
  form.addEventListener("submit", (event) => {
    if (form.dataset.sent) event.preventDefault();
    form.dataset.sent = "yes";
  });
}
addEventListener("pageshow", () => {
  for (const form of document.querySelectorAll("form[data-once]")) delete form.dataset.sent;
});

// What can be copied gets a button for it.
for (const button of document.querySelectorAll("button[data-copy]")) {
  if (!navigator.clipboard) continue;
  button.hidden = false;
  button.addEventListener("click", async () => {
    await navigator.clipboard.writeText(button.dataset.copy);
    button.textContent = button.dataset.copied;
  });
}
for (const button of document.querySelectorAll("button[data-print]")) {
  button.hidden = false;
  button.addEventListener("click", () => window.print());
}

// How many characters are left.
for (const field of document.querySelectorAll("textarea[data-most]")) {
  const told = document.getElementById(`${field.id}-left`);
  const tell = () => {
    const left = Number(field.dataset.most) - [...field.value].length;
    told.textContent = (left < 0 ? told.dataset.over : told.dataset.left).replace("{n}", Math.abs(left));
  };
  field.addEventListener("input", tell);
  tell();
}
