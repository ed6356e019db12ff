// Next and previous walk the list one came from. A list of households says its rows ([data-list-rows], ids in order) and
// where the rows before and after them are told (data-list-before, data-list-after: addresses that answer
// {rows, before, after}). On the page of one of them the links to its neighbours, its place in the list and what
// "save and go on" leads to are those of the list; without one they stay those of the village.
const KEY = "povreg:walk";

function kept() {
  try { return JSON.parse(sessionStorage.getItem(KEY)); } catch { return null; }
}

function keep(walk) {
  try { sessionStorage.setItem(KEY, JSON.stringify(walk)); } catch { /* then the village's list is walked */ }
}

/** The list that this page shows. */
function keepList() {
  const list = document.querySelector("[data-list-rows]");
  if (!list) return;
  const { listRows, listFirst, listCount, listBefore, listAfter, list: label } = list.dataset;
  keep({
    url: location.pathname + location.search, label, rows: listRows.split(",").map(Number).filter(Boolean),
    first: Number(listFirst), count: listCount, before: listBefore, after: listAfter,
  });
}

/** One more page at an end of what is known, told by the server. */
async function further(walk, end) {
  if (!walk[end]) return walk;
  try {
    const answer = await fetch(walk[end], { headers: { "X-Requested-With": "fetch" } });
    if (!answer.ok) return walk;
    const told = await answer.json();
    const rows = end === "after" ? [...walk.rows, ...told.rows] : [...told.rows, ...walk.rows];
    const first = end === "before" ? walk.first - told.rows.length : walk.first;
    const grown = { ...walk, rows: [...new Set(rows)], first, [end]: told[end] };
    keep(grown);
    return grown;
  } catch { return walk; }
}

const pathOf = (pk) => {
  const year = new URLSearchParams(location.search).get("year");
  return location.pathname.replace(/^\/households\/\d+\//, `/households/${pk}/`) + (year ? `?year=${year}` : "");
};

function lead(link, pk) {
  if (!link) return;
  link.hidden = !pk;
  if (pk) link.href = pathOf(pk);
}

async function walkOn() {
  const here = document.querySelector("[data-record]");
  let walk = kept();
  const pk = Number(here?.dataset.record);
  if (!walk || !walk.rows.includes(pk)) return;
  if (walk.rows.indexOf(pk) === 0) walk = await further(walk, "before");
  if (walk.rows.indexOf(pk) === walk.rows.length - 1) walk = await further(walk, "after");
  const at = walk.rows.indexOf(pk);
  const next = walk.rows[at + 1];
  lead(document.querySelector("a[data-prev-record]"), walk.rows[at - 1]);
  lead(document.querySelector("a[data-next-record]"), next);
  const place = document.querySelector("[data-position]");
  if (place) place.textContent = `名单第 ${walk.first + at} 户，共 ${walk.count} 户`;
  for (const input of document.querySelectorAll("[data-following]")) input.value = next ?? "list";
  for (const input of document.querySelectorAll("[data-list-url]")) input.value = walk.url;
  for (const button of document.querySelectorAll("[data-save-next]")) button.textContent = next ? "保存并到下一户" : "保存并回到名单";
}

export function setUpWalking() {
  keepList();
  walkOn();
  document.addEventListener("htmx:afterSettle", () => { keepList(); walkOn(); });
}
