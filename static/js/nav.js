// The bars: "/" goes to the search box; pages of one row lead back to the list they were opened from, with its filters.
// A list says what it is called: <... data-list="汉丰街道 74 户">. It is kept for this tab only, by domain of the menu.
const KEY = "povreg:list";

function kept() {
  try { return JSON.parse(sessionStorage.getItem(KEY)); } catch { return null; }
}

function keep() {
  const list = document.querySelector("[data-list]");
  if (!list) return false;
  const { domain } = document.body.dataset;
  try {
    sessionStorage.setItem(KEY, JSON.stringify({ domain, url: location.pathname + location.search, label: list.dataset.list }));
  } catch { /* a full or forbidden store only costs the way back */ }
  return true;
}

/** Only on the page of a row (its address holds a number) of the domain in which the list stands. */
function showWayBack() {
  const link = document.querySelector("[data-back]");
  const list = kept();
  if (!link || !list || list.domain !== document.body.dataset.domain || !/\/\d+\//.test(location.pathname)) return;
  link.href = list.url;
  link.textContent = `‹ 返回“${list.label}”`;
  link.hidden = false;
}

function onKey(event) {
  if (event.key !== "/" || event.ctrlKey || event.metaKey || event.altKey) return;
  if (event.target.closest?.("input, textarea, select, [contenteditable], dialog")) return;
  const box = document.querySelector("[data-seek]");
  if (box?.offsetParent) { event.preventDefault(); box.focus(); box.select(); }
}

export function setUpNav() {
  if (!keep()) showWayBack();
  document.addEventListener("htmx:afterSettle", keep);
  document.addEventListener("keydown", onKey);
}
