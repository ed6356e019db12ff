// Several people pasted from a sheet into the name of a line: each row becomes a line. Columns are known by their
// heading where the first row is one, else by what stands in them. What is not understood is said, never guessed.
import { fresh, make } from "./dom.js";

const HEADINGS = {
  name: /^姓名|^成员姓名/, relation: /关系/, id_no: /证件号码|身份证|证件号/, ethnicity: /民族/, education: /文化程度/,
  school_status: /在校/, health: /健康/, labour: /劳动/, medical: /医保|医疗保险/, phone: /电话|手机/, political: /政治面貌/,
};
const KNOWN = {
  id_no: /^(\d{15}|\d{17}[\dXx](\d{2}|\d{4})?)$/, phone: /^1\d{10}$/, name: /^[\u3400-\u9fff·]{2,15}$/,
};
const SIGNS = /[\u200b-\u200f\u202a-\u202e\u2060\ufeff'\u00a0]/g;
const plain = (text) => text.replace(SIGNS, "").trim();

/** Rows of cells; a row without content is none. */
export function table(text) {
  return text.replace(/\r/g, "").split("\n").map((line) => line.split("\t").map(plain)).filter((row) => row.some(Boolean));
}

const control = (line, name) => line.querySelector(`[name$="-${name}"]`);
const optionOf = (select, text) => [...select.options].find((option) => option.value &&
  [option.text, option.text.replace(/^之/, ""), option.value, option.value.replace(/^0/, "")].includes(text.replace(/^之/, "")));

/** Column number to the name of a control. */
function columns(rows, line) {
  const heads = rows[0].map((cell) => Object.keys(HEADINGS).find((name) => HEADINGS[name].test(cell)));
  if (heads.includes("name")) { rows.shift(); return heads; }
  const found = [];
  const take = (at, name) => { if (name && !found.includes(name)) found[at] = name; };
  const every = (at, test) => rows.every((row) => !row[at] || test(row[at])) && rows.some((row) => row[at]);
  const width = Math.max(...rows.map((row) => row.length));
  for (let at = 0; at < width; at += 1) take(at, ["id_no", "phone"].find((name) => every(at, (cell) => KNOWN[name].test(cell))));
  for (let at = 0; at < width; at += 1) {
    if (found[at]) continue;
    take(at, ["relation", "school_status", "education", "health", "labour", "ethnicity", "medical"].find((name) => {
      const select = control(line, name);
      return select?.options && !found.includes(name) && every(at, (cell) => !/^\d+$/.test(cell) && optionOf(select, cell));
    }));
  }
  for (let at = 0; at < width; at += 1) if (!found[at] && every(at, (cell) => KNOWN.name.test(cell))) take(at, "name");
  return found;
}

function put(line, name, text) {
  const input = control(line, name);
  if (!input || !text) return true;
  const option = input.options ? optionOf(input, text) : null;
  if (input.options && !option) return false;
  input.value = option ? option.value : text;
  for (const kind of ["input", "change", "focusout"]) input.dispatchEvent(new Event(kind, { bubbles: true }));
  return true;
}

const empty = (line) => !control(line, "name").value && !control(line, "id_no")?.value;

function paste(grid, event) {
  const here = event.target.closest("[data-line]");
  if (!here || !event.target.matches('[name$="-name"]')) return;
  const rows = table(event.clipboardData.getData("text/plain"));
  if (rows.length < 2 && (rows[0]?.length ?? 0) < 2) return;
  event.preventDefault();
  const heads = columns(rows, here);
  if (!heads.includes("name")) { tell(grid, `没有看出哪一列是姓名，没有填入。请连同表头一起复制，或逐人录入。`); return; }
  const odd = fill(grid, here, rows, heads);
  const left = odd.length ? `；没有认出：${odd.join("、")}，请补填` : "";
  tell(grid, `已填入 ${rows.length} 人，请核对后保存${left}。`);
}

function fill(grid, here, rows, heads) {
  const set = grid.closest("[data-formset]");
  const odd = [];
  let line = here;
  for (const row of rows) {
    if (!line || !empty(line)) {
      set.formsetGrow(set.formsetCount() + 1);
      line = [...grid.querySelectorAll("[data-line]")].at(-1);
    }
    heads.forEach((name, at) => { if (name && !put(line, name, row[at] ?? "")) odd.push(`${row[heads.indexOf("name")]}的“${row[at]}”`); });
    line = null;
  }
  return odd;
}

function tell(grid, text) {
  const form = grid.closest("form");
  form.querySelector(":scope > .paste-note")?.remove();
  form.prepend(make("div", { class: "note note-info paste-note", role: "status" }, make("div", { class: "note-text" }, text)));
}

/** A number pasted with what stood below or beside it stays two numbers, so that it is refused. */
function apart(event) {
  if (!event.target.matches?.('input[inputmode="decimal"], input[inputmode="numeric"]')) return;
  const text = event.clipboardData.getData("text/plain").trim();
  if (!/\d\s*[\t\n]+\s*\d/.test(text)) return;
  event.preventDefault();
  event.target.value = text.split(/[\t\n\r]+/).join(" ");
  event.target.dispatchEvent(new Event("input", { bubbles: true }));
}

export function setUpPaste(root) {
  for (const grid of fresh(root, "[data-formset] [data-members]", "pasteReady")) grid.addEventListener("paste", (event) => paste(grid, event));
}
document.addEventListener("paste", apart);
