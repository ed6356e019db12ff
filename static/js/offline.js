// What was written without a network is kept on the phone and sent when the line is back, once (form[data-offline]).
// A form whose request never arrived goes into IndexedDB as it is, photos and signature included, with the key that makes
// the server do it once (povreg/kit/once.py): should the answer only have been lost on its way, sending again does nothing
// twice. Kept per user until it is sent, at most KEEP_DAYS; only the same person's browser sends it. A refusal leaves it
// there with the way back to its form.
import { openDB } from "../vendor/idb/index.js";
import { clearTrouble } from "./banner.js";
import { csrfToken } from "./csrf.js";
import { clock, make } from "./dom.js";
import { put } from "./drafts.js";

const DATABASE = "povreg-unsent", STORE = "forms";
const KEEP_DAYS = 7;
const EVERY = 30_000; // ms between two tries while a page is open
const OWN = ["csrfmiddlewaretoken"];

const user = () => document.body.dataset.user;
const opened = () => openDB(DATABASE, 1, { upgrade: (db) => db.createObjectStore(STORE, { keyPath: "key" }) });

async function mine() {
  const all = await (await opened()).getAll(STORE);
  return all.filter((kept) => kept.user === user()).sort((a, b) => a.at - b.at);
}

/** Keep a form that could not be sent; its place on the page says so. */
async function keep(form) {
  const fields = [...new FormData(form)].filter(([name]) => !OWN.includes(name));
  const key = form.querySelector('input[name="once_key"]').value;
  const title = document.querySelector("h1").textContent.trim();
  await (await opened()).put(STORE, { key, user: user(), at: Date.now(), url: form.action || location.pathname, title, fields });
  clearTrouble();
  form.dispatchEvent(new CustomEvent("kept", { bubbles: true }));
  form.replaceChildren(make("div", { class: "note note-warn", role: "status" }, make("div", { class: "note-text" },
    "没有网络，已存在这部手机里；有网络后自动发出，不用重填。发出以前请不要清除浏览器数据。")));
  await show();
}

let busy = false;

/** Send what is kept, the oldest first; stop at the first that does not arrive. */
async function flush() {
  if (busy || !user() || navigator.onLine === false) return;
  busy = true;
  try {
    for (const kept of await mine()) {
      if (kept.refused) continue;
      const answer = await send(kept);
      if (answer === "lost") break;
      if (answer === "done") await (await opened()).delete(STORE, kept.key);
      else await (await opened()).put(STORE, { ...kept, refused: true });
      if (answer === "done") say(`已发出 ${clock(kept.at)} 存下的“${kept.title}”。`, "pass");
    }
    await show();
  } finally { busy = false; }
}

async function send({ url, fields }) {
  const body = new FormData();
  for (const [name, value] of fields) body.append(name, value);
  const headers = { "X-CSRFToken": csrfToken(), "X-Whole-Page": "1" };
  try {
    const response = await fetch(url, { method: "POST", body, headers, credentials: "same-origin" });
    const onward = response.headers.get("HX-Redirect") ?? response.url;
    if (response.status === 401 || new URL(onward, location.href).pathname === document.body.dataset.loginUrl) return "lost";
    if (response.status >= 500 || response.status === 429 || response.headers.has("X-Login-Required")) return "lost";
    return response.status < 400 || response.status === 409 ? "done" : "refused";
  } catch { return "lost"; }
}

function say(text, tone) {
  const note = make("div", { class: `note note-${tone}`, role: "status" }, make("div", { class: "note-text" }, text));
  document.getElementById("messages")?.append(note);
}

/** How many wait, at the top of every page, each that was refused with the way back to its form. */
async function show() {
  document.getElementById("kept-forms")?.remove();
  const rows = await mine();
  if (!rows.length) return;
  const text = make("div", { class: "note-text" }, `有 ${rows.length} 份填好的还没有发出（${rows.map((row) => row.title).join("、")}）。`);
  for (const row of rows.filter((each) => each.refused)) {
    text.append(" ", make("a", { href: `${row.url}#kept` }, `“${row.title}”没有通过，打开修改`));
  }
  document.getElementById("messages")?.append(make("div", { class: "note note-warn", id: "kept-forms" }, text));
}

/** Back at the form of one that was refused: what was typed stands there again. */
async function restore() {
  const form = document.querySelector("form[data-offline]");
  if (!form || location.hash !== "#kept") return;
  const kept = (await mine()).find((row) => row.refused && new URL(row.url, location.href).pathname === location.pathname);
  if (!kept) return;
  const values = {};
  for (const [name, value] of kept.fields) if (typeof value === "string") (values[name] ??= []).push(value);
  for (const control of form.elements) {
    if (values[control.name] && !["file", "submit"].includes(control.type) && control.name !== "once_key") put(control, values[control.name], 0);
  }
  await (await opened()).delete(STORE, kept.key);
  await show();
}

async function sweep() {
  const oldest = Date.now() - KEEP_DAYS * 86_400_000;
  const db = await opened();
  for (const kept of await db.getAll(STORE)) if (kept.at < oldest) await db.delete(STORE, kept.key);
}

export function setUpOffline() {
  if (!("indexedDB" in window)) return;
  const lost = (event) => {
    const form = event.detail.elt.closest?.("form[data-offline]");
    if (form && event.detail.requestConfig?.verb === "post") keep(form);
  };
  for (const name of ["htmx:sendError", "htmx:timeout"]) document.addEventListener(name, lost);
  window.addEventListener("online", flush);
  setInterval(flush, EVERY);
  sweep().then(restore).then(flush);
}
