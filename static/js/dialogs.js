// Confirm dialogs and menus. <button data-ask="id"> opens <dialog id>, data-close inside closes it; the menu
// (details[data-menu]) closes on Escape and on a click elsewhere.

function onClick(event) {
  const opener = event.target.closest("[data-ask]");
  if (opener) {
    const dialog = document.getElementById(opener.dataset.ask);
    if (dialog) { event.preventDefault(); dialog.showModal(); }
  }
  event.target.closest("[data-close]")?.closest("dialog")?.close();
  for (const menu of document.querySelectorAll("details[data-menu][open]")) {
    if (!menu.contains(event.target)) menu.open = false;
  }
}

function onKey(event) {
  if (event.key !== "Escape") return;
  const menu = document.querySelector("details[data-menu][open]");
  if (menu) { menu.open = false; menu.querySelector("summary").focus(); }
}

export function setUpDialogs() {
  document.addEventListener("click", onClick);
  document.addEventListener("keydown", onKey);
  document.addEventListener("htmx:afterRequest", (event) => {
    const dialog = event.detail.requestConfig.elt.closest?.("dialog.ask");
    if (dialog?.open && dialog.id !== "relogin" && event.detail.xhr.status >= 200 && event.detail.xhr.status < 300) dialog.close();
  });
}
