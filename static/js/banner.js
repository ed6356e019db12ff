// The one banner for trouble (#trouble in base.html): says in plain words what happened and what to do.
import { make } from "./dom.js";

const area = () => document.getElementById("trouble");
let shown = null; // an open dialog hides the banner: then it stands in the dialog

/** Show `text`; `retry`, when given, is offered as a button and called once. */
export function showTrouble(text, retry) {
  clearTrouble();
  const note = make("div", { class: "note note-fail" }, make("div", { class: "note-text" }, text));
  if (retry) {
    const button = make("button", { type: "button", class: "btn btn-plain btn-sm" }, "再试一次");
    button.addEventListener("click", () => { clearTrouble(); retry(); });
    note.append(button);
  }
  note.append(make("button", { type: "button", class: "btn-close", "data-dismiss": "", "aria-label": "关闭提示" }));
  shown = note;
  const dialog = document.querySelector("dialog[open] .ask-body");
  if (dialog) dialog.prepend(note);
  else area()?.append(note);
}

export function clearTrouble() {
  shown?.remove();
  shown = null;
}
