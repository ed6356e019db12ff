// Choosing in a select by keyboard, on entry forms: each choice shows its national code; its digits choose it and go on to
// the next control; any letter, or the first key of Chinese input, opens a box in which Chinese, the code or a part of
// either is typed and the list narrows (a browser's own select cannot be typed into in Chinese).
import { fresh, make } from "./dom.js";
import { advance } from "./keyboard.js";

const DIGIT_WAIT = 900; // ms within which digits belong to one code
const CODE = /^\d{1,2}$/;
const SHORT = /^(resident|employee|none|both)$/; // answers without a national code are numbered in their order

const YES_NO = { true: "1", false: "0" };

const codeOf = (select, option) => {
  if (CODE.test(option.value)) return option.value;
  if (option.value in YES_NO) return YES_NO[option.value];
  return SHORT.test(option.value) ? String([...select.options].indexOf(option)) : "";
};

function label(select) {
  for (const option of select.options) {
    const code = codeOf(select, option);
    if (code) option.label = `${code} ${option.text.trim()}`;
  }
}

function choose(select, option) {
  if (select.value === option.value) return;
  select.value = option.value;
  select.dispatchEvent(new Event("input", { bubbles: true }));
  select.dispatchEvent(new Event("change", { bubbles: true }));
}

/** Typing a national code (1, 04, …) chooses it; a code that no other begins with goes on to the next control. */
function byDigit(select, event) {
  const now = Date.now();
  const typed = now - (select.typedAt ?? 0) < DIGIT_WAIT ? (select.typed ?? "") + event.key : event.key;
  const codes = new Map([...select.options].map((option) => [codeOf(select, option), option]));
  codes.delete("");
  const found = codes.get(typed) ?? codes.get(typed.padStart(2, "0"));
  Object.assign(select, { typed, typedAt: now });
  event.preventDefault();
  if (found) choose(select, found);
  const longer = [...codes.keys()].some((code) => code.length > typed.length && code.startsWith(typed));
  if (found && !longer && codes.has(typed)) { select.typed = ""; advance(select); }
}

function finder(select, first) {
  const box = make("input", { type: "text", class: "select-find", "aria-label": `在“${select.ariaLabel || "选项"}”里查找`, autocomplete: "off" });
  const list = make("ul", { class: "combo-list select-found", role: "listbox" });
  const holder = make("span", { class: "select-finder", role: "presentation" }, box, list);
  let found = [];
  const show = () => {
    const text = box.value.trim();
    found = [...select.options].filter((option) => option.value && (option.label.includes(text) || option.text.includes(text)));
    list.replaceChildren(...found.slice(0, 12).map((option, at) => make("li", { role: "option", "aria-selected": String(at === 0) }, option.label)));
  };
  let over = false;
  const end = (option) => {
    if (over) return;
    over = true;
    if (option) choose(select, option);
    holder.remove();
    select.hidden = false;
    select.focus();
    if (option) advance(select);
  };
  for (const kind of ["input", "change"]) box.addEventListener(kind, (event) => { event.stopPropagation(); show(); });
  box.addEventListener("keydown", (event) => {
    if (event.isComposing || event.key === "Process") return;
    if (!["Enter", "Tab", "Escape"].includes(event.key)) { event.stopPropagation(); return; }
    event.preventDefault();
    event.stopPropagation();
    end(event.key === "Escape" ? null : found[0]);
    if (event.key === "Escape") select.focus();
  });
  box.addEventListener("blur", () => setTimeout(() => end(null)));
  list.addEventListener("mousedown", (event) => {
    event.preventDefault();
    const at = [...list.children].indexOf(event.target.closest("li"));
    if (at >= 0) end(found[at]);
  });
  select.after(holder);
  select.hidden = true;
  box.value = first;
  show();
  box.focus();
}

function onKey(event) {
  const select = event.target;
  if (!select.matches?.("form[data-entry] select") || event.ctrlKey || event.altKey || event.metaKey) return;
  const lettered = [...select.options].find((option) => option.value.length === 1 && option.value === event.key.toUpperCase() && !/\d/.test(event.key));
  if (lettered) { event.preventDefault(); choose(select, lettered); advance(select); }
  else if (/^\d$/.test(event.key)) byDigit(select, event);
  else if (event.key === "Process" || event.keyCode === 229) finder(select, "");
  else if (/^[a-z\u3400-\u9fff]$/i.test(event.key)) { event.preventDefault(); finder(select, event.key); }
}

export function setUpChoosing(root) {
  for (const select of fresh(root, "form[data-entry] select", "choosing")) label(select);
}
document.addEventListener("keydown", onKey);
