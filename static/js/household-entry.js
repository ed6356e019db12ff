// The household page: members, digits that choose codes, lines added by Enter, the cursor where one starts to type.
import { fresh, onFragment } from "./dom.js";
import { setUpMembers } from "./household-members.js";

const DIGIT_WAIT = 900; // ms within which digits belong to one code
const WIDE = window.matchMedia("(min-width: 768px)");

/** In a select, typing a national code (1, 04, …) chooses it. */
function chooseByDigits(event) {
  const select = event.target;
  if (!select.matches?.("form[data-entry] select") || !/^\d$/.test(event.key) || event.ctrlKey || event.altKey) return;
  const now = Date.now();
  const typed = now - (select.typedAt ?? 0) < DIGIT_WAIT ? (select.typed ?? "") + event.key : event.key;
  Object.assign(select, { typed, typedAt: now });
  const values = [...select.options].map((option) => option.value);
  const found = [typed, typed.padStart(2, "0")].find((code) => values.includes(code));
  event.preventDefault();
  if (!found || select.value === found) return;
  select.value = found;
  select.dispatchEvent(new Event("input", { bubbles: true }));
  select.dispatchEvent(new Event("change", { bubbles: true }));
}

/** In 是 / 否 / 未记录, the keys 1 and 0 answer. */
function answerByDigits(event) {
  const radio = event.target;
  const wanted = { 1: "true", 0: "false", 2: "false" }[event.key];
  if (!wanted || !radio.matches?.('form[data-entry] input[type="radio"]')) return;
  const answer = [...radio.form.elements[radio.name]].find((one) => one.value === wanted);
  if (!answer) return;
  event.preventDefault();
  answer.click();
  answer.focus();
}

/** Start typing at once: the first empty control of the entry, unless a fault already holds the cursor. */
function startTyping(form) {
  if (!WIDE.matches || form.querySelector('[aria-invalid="true"], .error-summary')) return;
  const first = form.querySelector("[data-first]") ?? form.querySelector('input:not([type="hidden"]), select, textarea');
  first?.focus({ preventScroll: true });
}

function setUpEntry(root) {
  for (const form of fresh(root, "form[data-entry]", "entryReady")) startTyping(form);
  document.body.classList.toggle("has-savebar", Boolean(document.querySelector(".savebar-stick")));
}

document.addEventListener("keydown", chooseByDigits);
document.addEventListener("keydown", answerByDigits);
onFragment(setUpMembers);
onFragment(setUpEntry);
