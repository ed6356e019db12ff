// Ticking rows of a list ([data-pick]): the box in the heading ticks the page, the bar says how many are ticked,
// and ticking one row means "the ticked ones". Without this module the bar's radio buttons do the same.
import { fresh } from "./dom.js";

function boxes(form) {
  return [...form.querySelectorAll('tbody input[name="id"]')];
}

function tell(form) {
  const all = boxes(form);
  const ticked = all.filter((box) => box.checked).length;
  const count = form.querySelector("[data-pick-count]");
  if (count) count.textContent = ticked ? ` ${ticked} 户` : "";
  const head = form.querySelector("[data-pick-page]");
  if (head) {
    head.checked = ticked > 0 && ticked === all.length;
    head.indeterminate = ticked > 0 && ticked < all.length;
  }
}

function onChange(event) {
  const form = event.currentTarget;
  const { target } = event;
  if (target.matches("[data-pick-page]")) for (const box of boxes(form)) box.checked = target.checked;
  if (target.matches('[data-pick-page], input[name="id"]')) {
    const radio = form.querySelector('input[name="pick"][value="ticked"]');
    if (radio) radio.checked = true;
  }
  tell(form);
}

export function setUpPickers(root) {
  for (const form of fresh(root, "[data-pick]", "picking")) {
    form.addEventListener("change", onChange);
    tell(form);
  }
}
