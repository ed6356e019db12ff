// A file input one can drop files on (<c-drop>): shows what was chosen, refuses what is too large before sending.
import { fresh } from "./dom.js";

const MB = 1024 * 1024;
const size = (bytes) => (bytes >= MB ? `${(bytes / MB).toFixed(1)} MB` : `${Math.ceil(bytes / 1024)} KB`);

export function setUpFileDrops(root) {
  for (const zone of fresh(root, "[data-drop]", "dropReady")) wire(zone);
}

function wire(zone) {
  const input = zone.querySelector('input[type="file"]');
  const mark = (on) => zone.classList.toggle("drop-over", on);
  zone.addEventListener("dragover", (event) => { event.preventDefault(); mark(true); });
  zone.addEventListener("dragleave", () => mark(false));
  zone.addEventListener("drop", (event) => {
    event.preventDefault();
    mark(false);
    if (!event.dataTransfer.files.length) return;
    input.files = event.dataTransfer.files;
    input.dispatchEvent(new Event("change", { bubbles: true }));
  });
  input.addEventListener("change", () => show(zone, input));
}

function show(zone, input) {
  const limit = Number(zone.dataset.maxMb) || 0;
  const tooLarge = [...input.files].find((file) => limit && file.size > limit * MB);
  const text = tooLarge
    ? `“${tooLarge.name}”有 ${size(tooLarge.size)}，超过 ${limit} MB，请压缩或拆分后再选。`
    : [...input.files].map((file) => `${file.name}（${size(file.size)}）`).join("、");
  zone.querySelector("[data-drop-name]").textContent = text;
  input.setCustomValidity(tooLarge ? text : "");
}
