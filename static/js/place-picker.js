// Place picker (<c-place-picker>): an ARIA combobox over GET <data-url>?q=&level=&under= which answers
// {"results": [{"code", "name", "path"}]}. Finds by name, code and pinyin initials. The code goes into the hidden
// input, which fires "change"; editing the text afterwards clears it, so a name never stands for a wrong code.
import { fresh, make } from "./dom.js";
import { relogin } from "./relogin.js";

const WAIT = 180; // ms between the last key and the question

class PlacePicker {
  constructor(box) {
    this.box = box;
    this.input = box.querySelector('[role="combobox"]');
    this.code = box.querySelector("[data-code]");
    this.list = box.querySelector('[role="listbox"]');
    this.status = box.querySelector("[data-combo-status]");
    this.active = -1;
    this.input.addEventListener("input", (event) => !event.isComposing && this.typed());
    this.input.addEventListener("compositionend", () => this.typed());
    this.input.addEventListener("keydown", (event) => this.key(event));
    this.input.addEventListener("blur", () => setTimeout(() => this.close(), 150));
    this.list.addEventListener("mousedown", (event) => this.pick(event));
    this.check();
  }

  typed() {
    if (this.code.value) this.set("");
    this.check();
    clearTimeout(this.timer);
    const text = this.input.value.trim();
    if (!text) { this.close(); return; }
    this.timer = setTimeout(() => this.ask(text), WAIT);
  }

  async ask(text) {
    this.abort?.abort();
    this.abort = new AbortController();
    const { url, level, under } = this.box.dataset;
    const query = new URLSearchParams({ q: text, level, under });
    try {
      const answer = await fetch(`${url}?${query}`, { signal: this.abort.signal, headers: { Accept: "application/json" } });
      if (answer.status === 401) { if (await relogin()) this.ask(text); return; }
      if (!answer.ok || answer.redirected) throw new Error(answer.status);
      this.show((await answer.json()).results);
    } catch (error) {
      if (error.name !== "AbortError") this.say("没有查到，请检查网络后再试。");
    }
  }

  show(results) {
    if (!results.length) { this.say("没有这个地点，请核对名称，或改用代码、拼音首字母查找。"); return; }
    const options = results.map((place, i) => {
      const option = make("li", { role: "option", id: `${this.list.id}-${i}`, "aria-selected": "false" }, place.name,
        make("span", { class: "sub tabular" }, [place.path, place.code].filter(Boolean).join(" · ")));
      option.place = place;
      return option;
    });
    this.list.replaceChildren(...options);
    this.open();
    this.move(0);
    this.status.textContent = `找到 ${results.length} 个地点，用上下键选择`;
  }

  say(text) {
    this.list.replaceChildren(make("li", { class: "combo-none", role: "option", "aria-disabled": "true" }, text));
    this.open();
    this.status.textContent = text;
  }

  open() { this.list.hidden = false; this.input.setAttribute("aria-expanded", "true"); this.active = -1; }

  close() {
    this.list.hidden = true;
    this.input.setAttribute("aria-expanded", "false");
    this.input.removeAttribute("aria-activedescendant");
  }

  options() { return [...this.list.children].filter((option) => option.place); }

  move(to) {
    const options = this.options();
    if (!options.length) return;
    this.active = (to + options.length) % options.length;
    options.forEach((option, i) => option.setAttribute("aria-selected", String(i === this.active)));
    this.input.setAttribute("aria-activedescendant", options[this.active].id);
    options[this.active].scrollIntoView({ block: "nearest" });
  }

  key(event) {
    if (this.list.hidden || event.isComposing) return;
    const act = {
      ArrowDown: () => this.move(this.active + 1),
      ArrowUp: () => this.move(this.active - 1),
      Home: () => this.move(0),
      End: () => this.move(-1),
      Enter: () => this.choose(this.options()[this.active]?.place),
      Escape: () => this.close(),
    }[event.key];
    if (!act) return;
    event.preventDefault();
    event.stopPropagation();
    act();
  }

  pick(event) {
    event.preventDefault();
    this.choose(event.target.closest('[role="option"]')?.place);
  }

  choose(place) {
    if (!place) return;
    this.input.value = place.name;
    this.set(place.code);
    this.check();
    this.close();
  }

  set(code) {
    this.code.value = code;
    this.code.dispatchEvent(new Event("change", { bubbles: true }));
  }

  check() {
    const unfinished = this.input.value.trim() && !this.code.value;
    this.input.setCustomValidity(unfinished ? "请从列出的地点中选一个。" : "");
  }
}

export function setUpPlacePickers(root) {
  for (const box of fresh(root, "[data-place-picker]", "pickerReady")) new PlacePicker(box);
}
