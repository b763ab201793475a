// Small comforts for every page; nothing here is needed to use one.
"use strict";

// A page that came back with mistakes begins at their summary.
const summary = document.querySelector(".errors");
if (summary) summary.focus();

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

// A tree of choices can be searched; without this it opens branch by branch.
for (const tree of document.querySelectorAll("[data-tree]")) {
  const find = tree.querySelector("input[type=search]");
  const told = tree.querySelector("[role=status]");
  const branches = [...tree.querySelectorAll("details")];
  tree.querySelector(".tree-find").hidden = false;
  find.addEventListener("keydown", (event) => {
    if (event.key === "Enter") event.preventDefault();
  });
  find.addEventListener("input", () => {
    const words = find.value.trim().toLowerCase();
    let found = 0;
    for (const branch of branches) {
      const heading = branch.querySelector("summary").textContent.toLowerCase().includes(words);
      let here = 0;
      for (const option of branch.querySelectorAll("label")) {
        const fits = !words || heading || option.textContent.toLowerCase().includes(words);
        option.hidden = !fits;
        here += fits ? 1 : 0;
      }
      branch.hidden = here === 0;
      branch.open = words ? here > 0 : Boolean(branch.querySelector("input:checked"));
      found += here;
    }
    told.textContent = !words ? "" : found ? told.dataset.found.replace("{n}", found) : told.dataset.none;
  });
}
