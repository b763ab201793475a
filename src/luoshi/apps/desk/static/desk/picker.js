// A long list becomes a field in which one types: every <select data-picker>. The list stays the
// one that is sent, so that without this file the form is the same.
"use strict";

(() => {
  const MOST = 60; // entries shown at once; typing narrows them down
  let made = 0;

  const plain = (text) => text.toLowerCase().replace(/\s+/g, "");

  class Picker {
    constructor(select) {
      this.select = select;
      this.id = `picker-${(made += 1)}`;
      this.entries = [...select.options].filter((one) => one.value).map((one) => {
        const text = one.textContent.trim();
        const above = one.dataset.above || "";
        return { value: one.value, text, above, sought: plain(`${above}${text}${one.value}`) };
      });
      this.at = -1;
      this.build();
    }

    build() {
      const box = document.createElement("div");
      box.className = "picker";
      this.input = document.createElement("input");
      Object.assign(this.input, { type: "text", className: "form-control", autocomplete: "off", spellcheck: false });
      this.input.setAttribute("role", "combobox");
      this.input.setAttribute("aria-expanded", "false");
      this.input.setAttribute("aria-autocomplete", "list");
      this.input.setAttribute("aria-controls", this.id);
      for (const name of ["aria-required", "aria-invalid", "aria-describedby"]) {
        if (this.select.hasAttribute(name)) this.input.setAttribute(name, this.select.getAttribute(name));
      }
      this.list = document.createElement("ul");
      Object.assign(this.list, { id: this.id, className: "picker-list", hidden: true });
      this.list.setAttribute("role", "listbox");
      this.name();
      box.append(this.input, this.list);
      this.select.after(box);
      this.select.hidden = true;
      this.show(this.chosen());
      this.listen();
    }

    name() {
      const label = this.select.labels[0];
      const words = label ? [...label.childNodes].find((one) => one.nodeType === 3)?.textContent.trim() : "";
      this.list.setAttribute("aria-label", words || "");
      if (!this.select.id) {
        this.input.setAttribute("aria-label", words || "");
        return;
      }
      this.input.id = this.select.id; // the label and the summary of mistakes lead here
      this.select.removeAttribute("id");
    }

    listen() {
      this.input.addEventListener("input", () => this.open(this.input.value));
      this.input.addEventListener("focus", () => this.input.select());
      this.input.addEventListener("click", () => this.open(""));
      this.input.addEventListener("blur", () => setTimeout(() => this.settle(), 150));
      this.input.addEventListener("keydown", (event) => this.key(event));
      this.list.addEventListener("mousedown", (event) => {
        event.preventDefault();
        const item = event.target.closest("[data-at]");
        if (item) this.take(this.found[Number(item.dataset.at)]);
      });
    }

    chosen() {
      return this.entries.find((one) => one.value === this.select.value);
    }

    show(entry) {
      const blank = this.select.options[0];
      this.input.value = entry ? entry.text : (blank && !blank.value ? blank.textContent : "");
      this.input.title = entry ? `${entry.above} › ${entry.text}` : "";
    }

    open(typed) {
      const words = plain(typed);
      this.found = this.entries.filter((one) => one.sought.includes(words)).slice(0, MOST);
      this.list.replaceChildren(...this.found.map((entry, at) => this.item(entry, at)));
      this.list.hidden = false;
      this.input.setAttribute("aria-expanded", "true");
      if (!this.found.length) return this.tellNone();
      this.mark(words && this.found.length ? 0 : this.found.findIndex((one) => one.value === this.select.value));
    }

    tellNone() {
      const none = document.createElement("li");
      Object.assign(none, { id: `${this.id}-none`, className: "soft", textContent: this.select.dataset.picker });
      none.setAttribute("role", "option");
      none.setAttribute("aria-disabled", "true");
      this.list.replaceChildren(none);
      this.at = -1;
      this.input.setAttribute("aria-activedescendant", none.id);
    }

    item(entry, at) {
      const item = document.createElement("li");
      item.id = `${this.id}-${at}`;
      item.dataset.at = at;
      item.setAttribute("role", "option");
      item.append(entry.text);
      if (entry.above) {
        const above = document.createElement("small");
        above.textContent = entry.above;
        item.append(above);
      }
      return item;
    }

    mark(at) {
      this.at = at;
      for (const item of this.list.children) item.setAttribute("aria-selected", String(Number(item.dataset.at) === at));
      const item = this.list.children[at];
      if (item) {
        this.input.setAttribute("aria-activedescendant", item.id);
        item.scrollIntoView({ block: "nearest" });
      } else this.input.removeAttribute("aria-activedescendant");
    }

    key(event) {
      const steps = { ArrowDown: 1, ArrowUp: -1 };
      if (event.key in steps) {
        event.preventDefault();
        if (this.list.hidden) return this.open("");
        const many = this.found.length;
        if (!many) return undefined;
        return this.mark((this.at + steps[event.key] + many) % many);
      }
      if (event.key === "Enter" && !this.list.hidden && !event.ctrlKey) {
        event.preventDefault();
        if (this.found.length) this.take(this.found[this.at] || this.chosen());
      }
      if (event.key === "Escape" && !this.list.hidden) {
        event.preventDefault();
        this.close();
        this.show(this.chosen());
      }
    }

    take(entry) {
      this.choose(entry ? entry.value : "");
      this.show(entry);
      this.close();
    }

    choose(value) {
      if (this.select.value === value) return;
      this.select.value = value;
      this.select.dispatchEvent(new Event("change", { bubbles: true }));
    }

    settle() {
      if (this.list.hidden && this.input.value === (this.chosen() || {}).text) return;
      const typed = plain(this.input.value);
      const exact = this.entries.filter((one) => plain(one.text) === typed);
      if (!typed) this.choose("");
      else if (exact.length === 1) this.choose(exact[0].value);
      this.close();
      this.show(this.chosen());
    }

    close() {
      this.list.hidden = true;
      this.input.setAttribute("aria-expanded", "false");
      this.input.removeAttribute("aria-activedescendant");
    }
  }

  const begin = (root) => {
    for (const select of root.querySelectorAll("select[data-picker]:not([hidden])")) new Picker(select);
  };
  begin(document);
  document.addEventListener("htmx:load", (event) => begin(event.target));
})();
