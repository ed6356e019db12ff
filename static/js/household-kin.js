// Another head: the relations that follow are proposed once he is chosen (households/register/kin.py, in #kin); what the
// reader chose himself stays.
import { fresh } from "./dom.js";

function propose(form, kin) {
  const wanted = kin[form.elements.new_head.value] ?? {};
  for (const select of form.querySelectorAll('select[name^="relation_"]')) {
    const pk = select.name.slice("relation_".length);
    if (select.value && !("proposed" in select.dataset)) continue;
    select.value = wanted[pk] ?? "";
    if (select.value) select.dataset.proposed = "";
    else delete select.dataset.proposed;
    select.closest(".field").hidden = pk === form.elements.new_head.value || pk === form.elements.member?.value;
  }
}

export function setUpKin(root) {
  for (const data of fresh(root, "script#kin", "kinReady")) {
    const form = data.closest("form");
    const kin = JSON.parse(data.textContent);
    for (const name of ["new_head", "member"]) form.elements[name]?.addEventListener("change", () => propose(form, kin));
    form.addEventListener("change", ({ target }) => { if (target.matches('select[name^="relation_"]')) delete target.dataset.proposed; });
    if (form.elements.new_head.value) propose(form, kin);
  }
}
