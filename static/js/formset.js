// Rows added in the browser to a Django formset. Markup: an element data-formset="prefix" holding the management
// form, a [data-rows] container, a <template data-row> with __prefix__ in it, and a button data-add-row.
import { fresh } from "./dom.js";

export function setUpFormsets(root) {
  for (const set of fresh(root, "[data-formset]", "formsetReady")) wire(set);
}

function wire(set) {
  const total = set.querySelector(`[name="${set.dataset.formset}-TOTAL_FORMS"]`);
  const rows = set.querySelector("[data-rows]");
  const template = set.querySelector("template[data-row]");
  const add = () => {
    const holder = document.createElement("template");
    holder.innerHTML = template.innerHTML.replaceAll("__prefix__", total.value);
    const row = holder.content.firstElementChild;
    total.value = Number(total.value) + 1;
    rows.append(row);
    window.htmx?.process(row);
    return row;
  };
  set.formsetCount = () => Number(total.value);
  set.formsetGrow = (count) => { while (Number(total.value) < count) add(); };
  set.querySelector("[data-add-row]")?.addEventListener("click", (event) => {
    event.preventDefault(); // without scripts it is a link to the page with one more row
    add().querySelector("input:not([type='hidden']), select")?.focus();
  });
}
