// Members typed as lines of a table: the identity number fills sex, birth date and age, says at once what is wrong
// with it, and asks the server whether somebody else already has it.
import { csrfToken } from "./csrf.js";
import { fresh, make } from "./dom.js";
import { advance } from "./keyboard.js";
import { normalise, read } from "./household-idnumber.js";

const SEXES = { 1: "男", 2: "女" };
const OUT_OF_SCHOOL = 23; // years of age from which somebody is not in school
const WORKING = 16; // years of age from which somebody can be a worker (villages/standards/rules.py)
const WAIT = 250; // ms between the last key and the question about duplicates

const villageOf = (grid) => grid.dataset.village ?? grid.querySelector("[data-code]")?.value ?? "";
const today = (grid) => grid.dataset.today;

function say(line, text, tone) {
  const box = line.querySelector("[data-id-say]");
  box.replaceChildren(text ? make("span", { class: tone === "fail" ? "field-error" : "hint" }, text) : "");
  const input = line.querySelector("[data-id-no]");
  if (tone === "fail") input.setAttribute("aria-invalid", "true");
  else input.removeAttribute("aria-invalid");
}

function fill(line, found) {
  const sex = line.querySelector("[data-id-sex]");
  const born = line.querySelector("[data-id-birth]");
  if (sex) sex.value = found.sex;
  if (born) born.value = found.born;
  for (const control of [sex, born]) control?.dispatchEvent(new Event("change", { bubbles: true }));
  const shown = line.querySelector("[data-id-age]");
  if (shown) shown.textContent = `${SEXES[found.sex]} ${reached(line, found)}`;
  leaveOut(line, found);
  propose(line, found);
}

/** What nearly always holds is proposed, in boxes that are empty yet; a tint says that it was. */
function propose(line, found) {
  const age = reached(line, found);
  const wanted = {
    ethnicity: line.closest("[data-ethnicity]")?.dataset.ethnicity,
    school_status: age >= OUT_OF_SCHOOL ? "01" : "",
    labour: age < WORKING ? "04" : "",
  };
  for (const [name, value] of Object.entries(wanted)) {
    const control = line.querySelector(`[name$="-${name}"]`);
    if (!value || !control || control.value) continue;
    control.value = value;
    control.closest("td, .field").classList.add("cell-changed");
    control.dispatchEvent(new Event("change", { bubbles: true }));
  }
}

/** The one age of all pages: the one reached in the year that the page is about. */
const yearOf = (line) => Number(line.closest("[data-year]")?.dataset.year) || new Date().getFullYear();
const reached = (line, found) => Math.max(yearOf(line) - Number(found.born.slice(0, 4)), 0);

/** What nobody asks of somebody of this age is left out, unless something is recorded. */
function leaveOut(line, found) {
  const ages = JSON.parse(line.closest("[data-ages]")?.dataset.ages ?? "{}");
  const age = reached(line, found);
  for (const [name, [low, high]] of Object.entries(ages)) {
    const control = line.querySelector(`[name$="-${name}"]`);
    const field = control?.closest(".field");
    if (field) field.hidden = !control.value && (age < low || age > high);
  }
}

/** What a page that came back with a typed number shows beside it. */
function showAge(grid, input) {
  const found = input.value ? read(input.value, today(grid)) : {};
  const shown = input.closest("[data-line]")?.querySelector("[data-id-age]");
  if (found.born && shown) shown.textContent = `${SEXES[found.sex]} ${reached(shown, found)}`;
}

function twin(grid, input) {
  const own = normalise(input.value);
  return [...grid.querySelectorAll("[data-id-no]")].some((other) => other !== input && normalise(other.value) === own);
}

let reason = ""; // why this account checks more numbers in a day than most do; asked once a page

/** Beside the number: why so many are checked. The same number is asked about again with the reason. */
function askReason(grid, line, input, text, fault) {
  say(line, fault, "hint");
  const why = make("input", { type: "text", maxlength: "200", "aria-label": "查重理由", placeholder: "查重理由" });
  for (const kind of ["input", "focusout"]) why.addEventListener(kind, (event) => event.stopPropagation());
  why.addEventListener("change", (event) => {
    event.stopPropagation();
    reason = why.value.trim();
    if (reason) ask(grid, line, input, text);
  });
  line.querySelector("[data-id-say]").append(why);
}

async function ask(grid, line, input, text) {
  if (!villageOf(grid)) return;
  const body = new URLSearchParams({ id_no: text, member: line.dataset.member ?? "", village: villageOf(grid), reason });
  try {
    const answer = await fetch(grid.dataset.checkUrl, { method: "POST", body, headers: { "X-CSRFToken": csrfToken(), "X-Requested-With": "fetch" } });
    if (!answer.ok && answer.status !== 422) return;
    const { fault, field } = await answer.json();
    if (normalise(input.value) !== text) return;
    if (field === "reason") askReason(grid, line, input, text, fault);
    else say(line, fault, fault ? "fail" : "hint");
  } catch { /* without a network the save will say it */ }
}

function typed(grid, input, settled) {
  const line = input.closest("[data-line]");
  const text = normalise(input.value);
  clearTimeout(input.timer);
  if (!text) { say(line, "", ""); return; }
  const found = read(text, today(grid));
  if (found.fault) {
    const growing = !settled && text.length < 18;
    say(line, growing ? `已输 ${text.length} 位` : found.fault, growing ? "hint" : "fail");
    return;
  }
  fill(line, found);
  if (!settled && text.length === 18 && document.activeElement === input) advance(input, true);
  if (twin(grid, input)) { say(line, "本户另一位成员也是这个号码，请核对。", "fail"); return; }
  say(line, found.upgraded ? "15 位旧号，保存时升为 18 位" : "", "hint");
  input.timer = setTimeout(() => ask(grid, line, input, found.text), WAIT);
}

function onTyping(grid, event, settled) {
  if (event.target.matches("[data-id-no]") && !event.isComposing) typed(grid, event.target, settled);
}

function onDrop(grid, event) {
  const line = event.target.closest("[data-drop-row]")?.closest("[data-line]");
  if (!line) return;
  const form = line.closest("form");
  line.remove();
  form.dispatchEvent(new Event("change", { bubbles: true }));
  form.querySelector("[data-add-row]")?.focus();
}

export function setUpMembers(root) {
  for (const grid of fresh(root, "[data-members]", "membersReady")) {
    for (const input of grid.querySelectorAll("[data-id-no]")) showAge(grid, input);
    grid.addEventListener("input", (event) => onTyping(grid, event, false));
    grid.addEventListener("click", (event) => onDrop(grid, event));
    grid.addEventListener("focusout", (event) => onTyping(grid, event, true));
  }
}
