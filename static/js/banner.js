// The one banner for trouble (#trouble in base.html): says in plain words what happened and what to do.
import { make } from "./dom.js";

const area = () => document.getElementById("trouble");

/** Show `text`; `retry`, when given, is offered as a button and called once. */
export function showTrouble(text, retry) {
  const note = make("div", { class: "note note-fail" }, make("div", { class: "note-text" }, text));
  if (retry) {
    const button = make("button", { type: "button", class: "btn btn-plain btn-sm" }, "再试一次");
    button.addEventListener("click", () => { clearTrouble(); retry(); });
    note.append(button);
  }
  note.append(make("button", { type: "button", class: "btn-close", "data-dismiss": "", "aria-label": "关闭提示" }));
  area()?.replaceChildren(note);
}

export function clearTrouble() {
  area()?.replaceChildren();
}
