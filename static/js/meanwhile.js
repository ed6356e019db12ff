// A save takes its time. What is typed, ticked or pressed while it is under way is neither lost nor swallowed: it is put
// into the page that the answer brings; a press is sent again if something was changed between the two, else it was the
// same save pressed twice.
import { put, read } from "./drafts.js";

let underWay = null; // the form being sent: what it held then, and what was pressed since

const typed = (control) => control.name && !["hidden", "file", "submit", "button", "reset"].includes(control.type);
const same = (a, b) => JSON.stringify(a ?? []) === JSON.stringify(b ?? []);

function begin({ detail }) {
  const form = detail.elt;
  if (form.tagName !== "FORM" || !form.dataset.draft || detail.requestConfig.verb === "get") return;
  underWay = { form, draft: form.dataset.draft, values: read(form, typed), pressed: null };
}

function press(event) {
  if (underWay?.form === event.target && event.target.dataset.busy) underWay.pressed = event.submitter?.value || "save";
}

/** Whether this is about the form that is being sent: what stands in it may ask for itself meanwhile. */
const own = (detail) => Boolean(underWay) && detail.requestConfig?.elt === underWay.form;

/** Just before the answer takes the place of the form: what was changed since it was sent, and where the cursor is. */
function gather({ detail }) {
  if (!own(detail) || !underWay.form.isConnected) return;
  const now = read(underWay.form, typed);
  underWay.changed = Object.entries(now).filter(([name, list]) => !same(list, underWay.values[name]));
  const at = document.activeElement;
  underWay.cursor = at.form === underWay.form && typed(at) ? { name: at.name, value: at.type === "checkbox" ? at.value : null } : null;
}

const find = (form, name) => [...form.elements].filter((control) => control.name === name && typed(control));

function hand({ detail }) {
  if (!own(detail)) return;
  const { draft, changed, cursor, pressed } = underWay;
  const form = changed?.length ? document.querySelector(`form[data-draft="${CSS.escape(draft)}"]`) : null;
  underWay = null;
  if (!form) return;
  for (const [name, list] of changed) find(form, name).forEach((control, i) => put(control, list, i));
  if (cursor) find(form, cursor.name).find((one) => cursor.value === null || one.value === cursor.value)?.focus();
  const button = form.querySelector(`button[name="then"][value="${pressed}"]`) ?? form.querySelector("[data-save]");
  if (pressed && button) setTimeout(() => form.requestSubmit(button));
}

export function setUpMeanwhile() {
  document.addEventListener("submit", press, true);
  document.addEventListener("htmx:beforeRequest", begin);
  document.addEventListener("htmx:beforeSwap", gather);
  document.addEventListener("htmx:afterSettle", hand);
  document.addEventListener("htmx:afterRequest", ({ detail }) => { if (own(detail)) underWay = null; });
}
