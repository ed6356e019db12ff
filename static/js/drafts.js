// Nothing typed is lost. A form with data-draft="household:123:income" keeps what differs from the server's
// values in localStorage, per user and form; it is put back with a visible notice after a failed save, an
// expired session or a closed tab. Optional data-version: the record's version the form was rendered from.
// Fields marked data-secret (or inside one), passwords, files, hidden inputs and numbers as long as a phone's are never
// stored. A form that was saved drops its draft; signing out drops one's own, not those of others on this computer.
// What is not sent yet is listed on the workbench ([data-unsent]).
import { clock, fresh, make } from "./dom.js";
import { needsLogin } from "./session.js";

const PREFIX = "povreg:draft:";
const KEEP_DAYS = 3;
const FAULTS = '[aria-invalid="true"], .errorlist, .error-summary'; // not a warning: that may stand on a page nobody has typed on
const outcomes = new Map(); // key of a form just sent through htmx -> "saved" | "refused", for the form that replaces it

const own = () => `${PREFIX}${document.body.dataset.user}:`;
const keyOf = (form) => `${own()}${form.dataset.draft}`;
const NUMBER = /\d{11}/; // of a phone, an account, a paper

function storable(control) {
  if (!control.name || control.disabled || control.closest("[data-secret]")) return false;
  if (control.type === "hidden") return control.hasAttribute("data-draft-keep");
  return !["password", "file", "submit", "button", "reset"].includes(control.type);
}

/** {name: [values]} of the controls for which `wanted` holds; ticked boxes count by their value. */
export function read(form, wanted) {
  const values = {};
  for (const control of form.elements) {
    if (!wanted(control)) continue;
    const list = (values[control.name] ??= []);
    if (control.type === "checkbox" || control.type === "radio") { if (control.checked) list.push(control.value); }
    else if (control.type === "select-multiple") list.push(...[...control.selectedOptions].map((o) => o.value));
    else list.push(control.value);
  }
  return values;
}

const UNSEEN = ["csrfmiddlewaretoken", "once_key"];
const visible = (control) => control.name && control.type !== "submit" && !UNSEEN.includes(control.name);
const same = (a, b) => JSON.stringify(a ?? []) === JSON.stringify(b ?? []);
const blank = (v) => v.every((text) => text === "");
/** What differs from `start`; a row added since then starts empty. Without a start (a refused form) everything counts. */
const changes = (now, start) => Object.fromEntries(Object.entries(now).filter(([name, v]) =>
  !same(v, start[name]) && (start[name] !== undefined || !Object.keys(start).length || !blank(v))));

const keepable = (values) => Object.fromEntries(Object.entries(values).filter(([, v]) => !v.some((text) => NUMBER.test(text))));

function write(form, values) {
  const unplaced = [];
  for (const [name, list] of Object.entries(values)) {
    const controls = [...form.elements].filter((c) => c.name === name && storable(c));
    if (!controls.length) unplaced.push(list.join("、"));
    controls.forEach((control, i) => put(control, list, i));
  }
  return unplaced.filter(Boolean);
}

export function put(control, list, i) {
  if (control.type === "checkbox" || control.type === "radio") control.checked = list.includes(control.value);
  else if (control.type === "select-multiple") for (const option of control.options) option.selected = list.includes(option.value);
  else control.value = list[i] ?? "";
  control.dispatchEvent(new Event("change", { bubbles: true }));
}

class Draft {
  constructor(form) {
    this.form = form;
    this.key = keyOf(form);
    this.version = form.dataset.version ?? "";
    const outcome = outcomes.get(this.key);
    outcomes.delete(this.key);
    // A refused form shows what was typed, not what the server holds: then every value is worth keeping.
    this.refused = outcome === "refused" || form.hasAttribute("data-refused") || Boolean(form.querySelector(FAULTS));
    this.start = this.refused ? {} : read(form, storable);
    this.begin = read(form, visible);
    if (outcome === "saved") this.say(`已保存 ${clock()}`);
    form.addEventListener("input", () => this.note());
    form.addEventListener("change", () => this.note());
    form.addEventListener("reset", () => setTimeout(() => this.note()));
    this.offer();
  }

  get dirty() {
    return this.form.isConnected && (this.refused || !same(read(this.form, visible), this.begin));
  }

  note() {
    clearTimeout(this.timer);
    this.timer = setTimeout(() => this.store(), 400);
  }

  store() {
    const changed = keepable(changes(read(this.form, storable), this.start));
    const rows = Object.fromEntries([...this.form.querySelectorAll("[data-formset]")].map((s) => [s.dataset.formset, s.formsetCount?.() ?? 0]));
    if (Object.keys(changed).length) {
      this.keep(JSON.stringify({ at: Date.now(), version: this.version, values: changed, rows, ...whereabouts() }));
      this.say(`有 ${Object.keys(changed).length} 处还没有保存，已在本机留底 ${clock()}`);
    } else {
      localStorage.removeItem(this.key);
      this.say(this.dirty ? "有内容还没有保存" : "");
    }
  }

  keep(text) {
    try { localStorage.setItem(this.key, text); } catch { this.say("有内容还没有保存；本机存储已满，未能留底"); }
  }

  say(text) {
    const line = this.form.querySelector("[data-saved-state]");
    if (line) line.textContent = text;
  }

  offer() {
    const kept = load(this.key);
    if (!kept || this.refused) return;
    const values = changes(kept.values, this.start);
    if (!Object.keys(values).length) { this.forget(); return; }
    if (kept.version === this.version) this.restore(kept, values);
    else this.ask(kept, values);
  }

  restore(kept, values) {
    for (const set of this.form.querySelectorAll("[data-formset]")) set.formsetGrow?.(kept.rows?.[set.dataset.formset] ?? 0);
    const unplaced = write(this.form, values);
    const extra = unplaced.length ? `另有 ${unplaced.length} 处放不回原位：${unplaced.join("；")}。` : "";
    const secret = this.form.querySelector("[data-secret]") ? "证件号码、电话和银行卡号不在本机留存，请核对补填。" : "";
    const text = `已恢复您 ${clock(kept.at)} 填写、还没有保存的内容（${Object.keys(values).length} 处）。${extra}${secret}`;
    this.notice(text, ["放弃这些内容", () => { this.forget(); window.location.reload(); }]);
  }

  ask(kept, values) {
    const text = `这份记录在您 ${clock(kept.at)} 填写之后已被保存过。您当时有 ${Object.keys(values).length} 处没有保存。`;
    this.notice(text, ["恢复我填的内容", () => this.restore(kept, values)], ["放弃这些内容", () => this.forget()]);
  }

  notice(text, ...buttons) {
    this.form.querySelector(":scope > .draft-notice")?.remove();
    const box = make("div", { class: "note note-warn draft-notice", role: "status" }, make("div", { class: "note-text" }, text));
    for (const [label, act] of buttons) {
      const button = make("button", { type: "button", class: "btn btn-plain btn-sm" }, label);
      button.addEventListener("click", () => { box.remove(); act(); });
      box.append(button);
    }
    this.form.prepend(box);
  }

  forget() {
    clearTimeout(this.timer);
    localStorage.removeItem(this.key);
    this.refused = false;
    this.begin = this.form.isConnected ? read(this.form, visible) : this.begin;
    this.start = this.form.isConnected ? read(this.form, storable) : this.start;
  }
}

/** Where a draft was typed, for the list of those not sent. */
function whereabouts() {
  const title = document.title.split(" · ").slice(0, -1).join(" · ") || document.title;
  return { url: location.pathname + location.search, title };
}

function load(key) {
  try { return JSON.parse(localStorage.getItem(key)); } catch { return null; }
}

const drafts = new Map();

/** Give every new form[data-draft] under `root` its draft. */
export function setUpDrafts(root) {
  for (const form of fresh(root, "form[data-draft]", "draftReady")) drafts.set(form, new Draft(form));
  for (const form of drafts.keys()) if (!form.isConnected) drafts.delete(form);
}

/** True while any form on the page holds something the server has not got. */
export const anyDirty = () => [...drafts.values()].some((draft) => draft.dirty);

/** What became of a form sent through htmx: runs before the answer is put into the page. */
function settle(event) {
  const { xhr, requestConfig } = event.detail;
  const sent = requestConfig.elt;
  const draft = drafts.get(sent.closest?.("form"));
  if (!draft || requestConfig.verb === "get" || (sent.tagName !== "FORM" && !sent.hasAttribute("data-save"))) return;
  if (xhr.status === 422 || xhr.status === 409) {
    draft.store();
    outcomes.set(draft.key, "refused");
  } else if (xhr.status >= 200 && xhr.status < 300 && !needsLogin(xhr) && !(sent.dataset.whole && xhr.responseText.includes("error-summary"))) {
    draft.forget();
    draft.say(`已保存 ${clock()}`);
    outcomes.set(draft.key, "saved");
  }
}

function sweep() {
  const oldest = Date.now() - KEEP_DAYS * 86_400_000;
  for (const key of Object.keys(localStorage)) {
    if (key.startsWith(PREFIX) && (load(key)?.at ?? 0) < oldest) localStorage.removeItem(key);
  }
}

const mine = () => Object.keys(localStorage).filter((key) => key.startsWith(own()));

function forgetMine() {
  for (const key of mine()) localStorage.removeItem(key);
}

/** The list of drafts not sent, newest first, each with the way back to its form. */
function listUnsent(card) {
  const rows = mine().map((key) => ({ key, ...load(key) })).filter((kept) => kept.url).sort((a, b) => b.at - a.at);
  card.hidden = !rows.length;
  card.querySelector("[data-unsent-list]").replaceChildren(...rows.map((kept) => unsentRow(card, kept)));
}

function unsentRow(card, kept) {
  const drop = make("button", { type: "button", class: "btn btn-text btn-sm" }, "放弃");
  drop.addEventListener("click", () => { localStorage.removeItem(kept.key); listUnsent(card); });
  const count = `${Object.keys(kept.values).length} 处 · ${day(kept.at)} ${clock(kept.at)}`;
  return make("li", {}, make("a", { href: kept.url }, kept.title), make("span", { class: "soft" }, count), drop);
}

const day = (at) => new Date(at).toLocaleDateString("zh-CN", { month: "long", day: "numeric" });

export function setUpUnsent(root) {
  for (const card of fresh(root, "[data-unsent]", "unsentReady")) listUnsent(card);
}

let leaving = false;
document.addEventListener("htmx:beforeOnLoad", settle);
document.addEventListener("kept", (event) => { // static/js/offline.js keeps the whole form
  drafts.get(event.target)?.forget();
  drafts.delete(event.target);
});
document.addEventListener("submit", (event) => {
  const form = event.target;
  if (form.hasAttribute("data-logout")) {
    if (anyDirty() && !window.confirm("还有内容没有保存，退出登录后将不再保留。确定退出吗？")) { event.preventDefault(); event.stopPropagation(); return; }
    forgetMine();
    leaving = true;
  } else if (drafts.has(form) && !form.hasAttribute("hx-post")) {
    drafts.get(form).store();
    leaving = true;
  }
});
window.addEventListener("beforeunload", (event) => { if (!leaving && anyDirty()) event.preventDefault(); });
window.addEventListener("pageshow", () => { leaving = false; });
sweep();
