// Entry by keyboard. In [data-grid="lines"] Enter moves to the next [data-line] (a person; at the end [data-add-row]
// adds one). In [data-grid="cells"] Enter moves to the next cell, in [data-grid="rows"] to the same
// column of the next row (the first cell of a new row at the end); arrows up and down move within a column.
// Ctrl+S presses the page's save button ([data-save]), Ctrl+Enter the main one (save, go on to the next section); Alt+PageUp / Alt+PageDown follow the links marked
// data-prev-record / data-next-record (neighbouring households). Alt+Left stays the browser's way back.

const CELLS = 'input:not([type="hidden"], [type="checkbox"], [type="radio"], [readonly], :disabled), select:not(:disabled), textarea';
const shown = (element) => element.checkVisibility({ checkVisibilityCSS: true }); // what is folded cannot hold the cursor
const cellsOf = (grid) => [...grid.querySelectorAll(CELLS)].filter(shown);

function focus(element) {
  element?.focus();
  if (element?.select) element.select();
}

function rowNeighbour(cell, step) {
  const row = cell.closest("tr");
  const column = cell.closest("td, th").cellIndex;
  const rows = [...row.closest("table").rows];
  for (let i = rows.indexOf(row) + step; i >= 0 && i < rows.length; i += step) {
    const found = rows[i].cells[column]?.querySelector(CELLS);
    if (found && shown(found)) return found;
  }
  return null;
}

function nextLine(grid, cell, step) {
  const lines = [...grid.querySelectorAll("[data-line]")];
  const line = lines[lines.indexOf(cell.closest("[data-line]")) + step];
  const add = grid.closest("form")?.querySelector("[data-add-row]");
  if (line) focus(cellsOf(line)[0]);
  else if (step > 0 && add) add.click();
  else if (step > 0) focus(nextStop(grid));
}

function enter(event, grid) {
  const cell = event.target;
  if (cell.tagName === "TEXTAREA" || event.isComposing || cell.getAttribute("aria-expanded") === "true") return;
  event.preventDefault();
  if (grid.dataset.grid === "lines") { nextLine(grid, cell, event.shiftKey ? -1 : 1); return; }
  const cells = cellsOf(grid);
  const here = cells.indexOf(cell);
  if (grid.dataset.grid !== "rows") { focus(cells[here + (event.shiftKey ? -1 : 1)] ?? nextStop(grid)); return; }
  const below = rowNeighbour(cell, event.shiftKey ? -1 : 1);
  if (below) focus(below);
  else if (!event.shiftKey) grid.dispatchEvent(new CustomEvent("grid:past-end", { bubbles: true })) && focus(nextStop(grid));
}

/** The control after this one in its form, in the order of Tab. */
export function nextControl(control) {
  const all = [...control.form.elements].filter((one) => one.matches(`${CELLS}, input[type="radio"]:checked, button[data-save]`) && shown(one));
  return all[all.indexOf(control) + 1];
}

let advanced = 0; // when a complete entry went on by itself: the Tab of habit after it does not skip a control
const HABIT = 600; // ms

/** A complete entry goes on to the next control; `empty`: past those that are filled already. */
export function advance(control, empty = false) {
  let next = nextControl(control);
  while (empty && next?.matches("input, select") && next.value) next = nextControl(next);
  if (!next) return;
  focus(next);
  advanced = Date.now();
}

function habit(event) {
  if (event.key === "Tab" && !event.shiftKey && Date.now() - advanced < HABIT) event.preventDefault();
  advanced = 0;
}

const nextStop = (grid) => (grid.closest("form") ?? document).querySelector("[data-add-row], [data-save]");

function inGrid(event) {
  const grid = event.target.closest?.("[data-grid]");
  if (!grid || !event.target.matches(CELLS)) return;
  if (event.key === "Enter" && !event.ctrlKey && !event.altKey) enter(event, grid);
  const step = { ArrowDown: 1, ArrowUp: -1 }[event.key];
  const plain = event.target.tagName === "INPUT" && event.target.type !== "number" && event.target.getAttribute("role") !== "combobox";
  if (step && plain && !event.altKey) {
    const found = rowNeighbour(event.target, step);
    if (found) { event.preventDefault(); focus(found); }
  }
}

function shortcuts(event) {
  if ((event.ctrlKey || event.metaKey) && event.key.toLowerCase() === "s") {
    const save = (event.target.closest?.("form") ?? document).querySelector("[data-save]") ?? document.querySelector("[data-save]");
    if (save) { event.preventDefault(); save.click(); }
  }
  if ((event.ctrlKey || event.metaKey) && event.key === "Enter") {
    const form = event.target.closest?.("form") ?? document;
    const main = form.querySelector('.savebar .btn-primary[type="submit"]') ?? document.querySelector('.savebar .btn-primary[type="submit"]');
    if (main) { event.preventDefault(); main.click(); }
  }
  if (event.altKey && (event.key === "PageUp" || event.key === "PageDown")) {
    const link = document.querySelector(event.key === "PageUp" ? "a[data-prev-record]" : "a[data-next-record]");
    if (link && !link.hidden) { event.preventDefault(); link.click(); }
  }
}

export function setUpKeyboard() {
  document.addEventListener("keydown", habit, true);
  document.addEventListener("keydown", inGrid);
  document.addEventListener("keydown", shortcuts);
}
