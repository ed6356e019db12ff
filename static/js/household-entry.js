// The household page: members, codes chosen by their digits, people pasted from a sheet, the cursor where one starts.
import { fresh, onFragment } from "./dom.js";
import { setUpChoosing } from "./choosing.js";
import { setUpKin } from "./household-kin.js";
import { advance } from "./keyboard.js";
import { setUpMembers } from "./household-members.js";
import { setUpPaste } from "./household-paste.js";
import { setUpPhotos } from "./photos.js";

const WIDE = window.matchMedia("(min-width: 768px)");

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
  advance(answer);
}

/** Start typing at once: the first empty control of the entry, unless a fault or a doubt holds the cursor. */
function startTyping(form) {
  if (!WIDE.matches || form.querySelector('[aria-invalid="true"], .error-summary') || (form.matches("[data-refused]") && form.contains(document.activeElement))) return;
  const open = [...form.querySelectorAll("[data-members] [data-line] tr:first-child :is(input, select)")].find((one) => one.type !== "hidden" && !one.value && one.checkVisibility({ checkVisibilityCSS: true }));
  const first = open ?? form.querySelector("[data-first]") ?? form.querySelector('input:not([type="hidden"]), select, textarea');
  first?.focus({ preventScroll: true });
}

function setUpEntry(root) {
  for (const form of fresh(root, "form[data-entry]", "entryReady")) startTyping(form);
  document.body.classList.toggle("has-savebar", Boolean(document.querySelector(".savebar-stick")));
}

document.addEventListener("keydown", answerByDigits);
onFragment(setUpChoosing);
onFragment(setUpMembers);
onFragment(setUpPaste);
onFragment(setUpKin);
onFragment(setUpPhotos);
onFragment(setUpEntry);
