// Tables of many rows and figures on a phone: [data-ranked] becomes one figure a row as a bar, the figure and the order
// chosen above. The table itself stays one tap away, and is what stands there without this module.
import { fresh, make } from "./dom.js";

const PHONE = matchMedia("(max-width: 767.98px)");
const FEW = 5; // rows that are read as they are

const text = (cell) => cell?.innerText.replace(/\s+/g, " ").trim() ?? "";

/** The first number of a cell; nothing where none is written. */
function figure(cell) {
  const found = text(cell).replaceAll(",", "").match(/-?\d+(\.\d+)?/);
  return found ? Number(found[0]) : null;
}

function read(table) {
  const heads = [...(table.tHead?.rows[table.tHead.rows.length - 1]?.cells ?? [])].map((cell) => cell.textContent.replace(/\s+/g, " ").trim());
  const rows = [...table.tBodies].flatMap((body) => [...body.rows]).filter((row) => row.cells.length === heads.length);
  const columns = heads.map((label, at) => ({ label, at })).slice(1)
    .filter(({ at }) => rows.some((row) => row.cells[at].classList.contains("num") && figure(row.cells[at]) !== null));
  return { rows, columns };
}

function line(row, at, most) {
  const [name, cell] = [row.cells[0], row.cells[at]];
  const link = name.querySelector("a");
  const value = cell.querySelector("a");
  const number = figure(cell);
  const head = make("div", { class: "ranked-head" },
    link ? make("a", { href: link.href }, text(name) || link.textContent.trim()) : make("span", {}, name.textContent.trim()),
    value ? make("a", { class: "ranked-figure", href: value.href }, cell.textContent.trim()) : make("b", { class: "ranked-figure" }, cell.textContent.trim()));
  const bar = make("progress", { class: "bar", max: String(most), value: String(Math.max(0, number ?? 0)), "aria-hidden": "true" });
  return make("li", {}, head, bar);
}

function draw(list, found, at, order) {
  const value = (row) => figure(row.cells[at]) ?? 0;
  const rows = [...found.rows];
  if (order === "most") rows.sort((one, other) => value(other) - value(one));
  if (order === "least") rows.sort((one, other) => value(one) - value(other));
  const most = Math.max(1, ...rows.map(value));
  list.replaceChildren(...rows.map((row) => line(row, at, most)));
}

function select(label, choices) {
  const box = make("select", { class: "input", "aria-label": label });
  for (const [value, said] of choices) box.append(make("option", { value }, said));
  return box;
}

function rank(table) {
  const found = read(table);
  if (found.rows.length < FEW || found.columns.length < 2) return;
  const which = select("看哪个数", found.columns.map(({ at, label }) => [String(at), `看：${label}`]));
  const order = select("顺序", [["most", "多在前"], ["least", "少在前"], ["", "原来的顺序"]]);
  const list = make("ol", { class: "ranked-list" });
  const whole = make("button", { type: "button", class: "btn btn-text" }, "看整张表");
  const box = make("div", { class: "ranked" }, make("div", { class: "ranked-picks" }, which, order), list, whole);
  const show = () => draw(list, found, Number(which.value), order.value);
  which.addEventListener("change", show);
  order.addEventListener("change", show);
  const wrap = table.closest(".table-wrap") ?? table;
  whole.addEventListener("click", () => { box.remove(); wrap.classList.remove("is-ranked"); });
  wrap.classList.add("is-ranked");
  wrap.before(box);
  show();
}

export function setUpRanked(root) {
  for (const table of fresh(root, "table[data-ranked]", "rankedReady")) {
    if (PHONE.matches) rank(table);
    else PHONE.addEventListener("change", ({ matches }) => { if (matches && table.isConnected) rank(table); }, { once: true });
  }
}
