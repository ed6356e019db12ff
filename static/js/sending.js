// A plain form that somebody types into is sent by htmx all the same: an ended session asks for the password in place, a
// lost network says so and tries again, and what was typed stays on the page either way. Its answer is a whole page: a
// redirect comes as HX-Redirect (povreg/kit/whole.py), a refusal (422, 409) takes the place of the page.
// Left alone: data-plain, data-download, searches, forms with a password, forms of buttons only.
import { fresh } from "./dom.js";

const PLAIN = '[data-plain], [data-download], [data-pick], [role="search"], [target], [hx-post], [hx-get]';
const WRITTEN = 'textarea, input:not([type]), input[type="text"], input[type="number"], input[type="date"], input[type="tel"]';
const LONG = 120_000; // ms that an answer may take; a file has no limit

const typed = (form) => [...form.elements].some((control) =>
  control.name && !["hidden", "submit", "button", "fieldset", "output"].includes(control.type));
const secret = (form) => [...form.elements].some((control) => control.type === "password");

export function setUpSending(root) {
  for (const form of fresh(root, 'main form[method="post"]', "sending")) {
    if (!form.matches(PLAIN) && typed(form) && !secret(form)) send(form);
  }
}

function send(form) {
  const files = form.enctype === "multipart/form-data";
  const wanted = {
    "hx-post": form.getAttribute("action") || location.pathname + location.search,
    "hx-target": "body",
    "hx-swap": "innerHTML show:window:top",
    "hx-disinherit": "*", // what stands inside and asks by itself has ways of its own
    "hx-headers": '{"X-Whole-Page": "1"}',
    "hx-request": JSON.stringify({ timeout: files ? 0 : LONG }),
    ...(files ? { "hx-encoding": "multipart/form-data" } : {}),
  };
  for (const [name, value] of Object.entries(wanted)) form.setAttribute(name, value);
  form.dataset.whole = "1";
  if (!form.dataset.draft && !form.closest("dialog") && form.querySelector(WRITTEN)) form.dataset.draft = placeOf(form);
  window.htmx?.process(form);
}

/** Where a form without a name of its own stands: the page and what it is sent to. */
function placeOf(form) {
  const action = (form.getAttribute("action") || "").split("?")[0];
  const same = [...document.querySelectorAll('main form[method="post"]')].filter((one) => one.getAttribute("action") === form.getAttribute("action"));
  return `page:${location.pathname}:${action}:${same.indexOf(form)}`;
}

/** A page that takes the place of this one brings its styles and scripts along. */
function adopt(event) {
  const { target, xhr, shouldSwap } = event.detail;
  if (target !== document.body || !shouldSwap || !xhr.responseText.includes("<head>")) return;
  const page = new DOMParser().parseFromString(xhr.responseText, "text/html");
  for (const part of page.head.querySelectorAll('link[rel="stylesheet"], script[type="module"][src]')) {
    const name = part.tagName === "LINK" ? "href" : "src";
    if (document.head.querySelector(`${part.tagName}[${name}="${part.getAttribute(name)}"]`)) continue;
    const own = document.createElement(part.tagName);
    for (const each of part.attributes) own.setAttribute(each.name, each.value);
    document.head.append(own);
  }
  document.body.className = page.body.className;
  document.body.dataset.domain = page.body.dataset.domain ?? "";
}

/** On to an address that differs in its #part only: the browser would not load it. */
function onward(event) {
  const to = event.detail.xhr.getResponseHeader("HX-Redirect");
  if (!to) return;
  const address = new URL(to, location.href);
  if (address.hash && address.pathname + address.search === location.pathname + location.search) setTimeout(() => location.reload());
}

document.addEventListener("htmx:beforeSwap", adopt);
document.addEventListener("htmx:beforeOnLoad", onward);
