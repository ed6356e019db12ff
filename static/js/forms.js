// What every form gets: one submission at a time, the first faulty field in focus, descriptions tied to
// their controls for screen readers.
import { onFragment } from "./dom.js";

const BUSY_LIMIT = 30_000; // ms; a download answers without leaving the page, so the guard must let go by itself

/** Stop a second submission while the first is under way. */
function guardSubmit(event) {
  const form = event.target;
  if (form.method !== "post" || form.hasAttribute("data-relogin")) return;
  if (form.dataset.busy) { event.preventDefault(); event.stopImmediatePropagation(); return; }
  if (!sentByHtmx(form)) hold(form);
}

// A form that htmx sends is held once the request really starts: an answer "no" to hx-confirm sends nothing.
const sentByHtmx = (form) => form.hasAttribute("hx-post");

function hold(form) {
  form.dataset.busy = "1";
  setTimeout(() => release(form), form.hasAttribute("data-download") ? 3_000 : BUSY_LIMIT);
}

export function release(form) {
  delete form.dataset.busy;
}

function describe(root) {
  for (const field of root.querySelectorAll(".field")) {
    const control = field.querySelector(".field-control input, .field-control select, .field-control textarea");
    if (!control?.id) continue;
    const texts = [...field.querySelectorAll(".prev, .hint, .errorlist, .field-warning")];
    const ids = texts.map((text, i) => (text.id ||= `${control.id}_note${i}`));
    if (ids.length) control.setAttribute("aria-describedby", ids.join(" "));
  }
}

function focusFault(root) {
  const fault = root.querySelector('[aria-invalid="true"]') ?? root.querySelector(".error-summary") ?? openDoubt(root);
  fault?.focus();
}

/** The first doubt that a refused form asks to be ticked: Space answers it and goes on to the next one. */
const openDoubt = (root) => root.querySelector('form[data-refused] .field-warning input[name="confirmed"]:not(:checked)');

function nextDoubt({ target }) {
  if (target.matches?.('input[name="confirmed"]:checked') && target === document.activeElement) openDoubt(target.form.parentElement)?.focus();
}

export function setUpForms() {
  document.addEventListener("submit", guardSubmit, true);
  document.addEventListener("change", nextDoubt);
  document.addEventListener("htmx:beforeRequest", ({ detail }) => {
    if (detail.elt.tagName === "FORM" && detail.requestConfig.verb !== "get") hold(detail.elt);
  });
  document.addEventListener("htmx:afterRequest", (event) => {
    const form = event.detail.requestConfig.elt.closest?.("form");
    if (form) release(form);
  });
  window.addEventListener("pageshow", () => document.querySelectorAll("form[data-busy]").forEach(release));
  onFragment(describe);
  onFragment(focusFault);
}
