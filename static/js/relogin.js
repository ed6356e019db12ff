// Login in place. The dialog in base.html posts to the ordinary login page; success is a redirect away from
// it (or the header X-Logged-In), a refusal is the login page again, whose error list is shown here.
import { csrfToken, renewCsrf } from "./csrf.js";

let waiting = null;

/** Ask for the password; resolves to true once signed in, false if the reader declines. One dialog at a time. */
export function relogin() {
  waiting ??= ask().finally(() => { waiting = null; });
  return waiting;
}

function ask() {
  const dialog = document.getElementById("relogin");
  if (!dialog) { window.location.reload(); return Promise.resolve(false); }
  const form = dialog.querySelector("form");
  form.reset();
  askCode(form, false);
  fault(form, "");
  dialog.showModal();
  form.elements.password.focus();
  return new Promise((resolve) => {
    let done = false;
    form.onsubmit = async (event) => {
      event.preventDefault();
      done = await signIn(form);
      if (done) dialog.close();
    };
    dialog.addEventListener("close", () => resolve(done), { once: true });
  });
}

async function signIn(form) {
  const button = form.querySelector('[type="submit"]');
  button.disabled = true;
  try {
    const answer = await fetch(form.action, {
      method: "POST",
      body: new URLSearchParams(new FormData(form)),
      headers: { "X-CSRFToken": csrfToken(), "X-Relogin": "1" },
    });
    if (answer.headers.get("X-Code-Wanted")) askCode(form, true);
    if (!accepted(answer, form)) { fault(form, await reason(answer)); return false; }
    if (!samePerson(answer)) { window.location.reload(); return false; }
    renewCsrf(answer.headers.get("X-CSRFToken") ?? csrfToken());
    return true;
  } catch {
    fault(form, "没有连上服务器，请检查网络后再试。");
    return false;
  } finally {
    button.disabled = false;
  }
}

/** Accounts with a second factor are asked for its code, too, once the password was right. */
function askCode(form, wanted) {
  const box = form.querySelector("[data-relogin-code]");
  box.hidden = !wanted;
  if (wanted) form.elements.code.focus();
}

function accepted(answer, form) {
  if (answer.headers.get("X-Logged-In")) return true;
  return answer.ok && answer.redirected && new URL(answer.url).pathname !== new URL(form.action).pathname;
}

/** The page was made for one person: signed in as another, it is loaded anew. */
function samePerson(answer) {
  const who = answer.headers.get("X-Logged-In");
  return !who || who === document.body.dataset.user;
}

async function reason(answer) {
  const page = new DOMParser().parseFromString(await answer.text(), "text/html");
  const text = page.querySelector(".error-summary li, .errorlist li")?.textContent.trim();
  return text || "用户名或密码不正确，请重新输入。";
}

function fault(form, text) {
  const line = form.querySelector("[data-relogin-error]");
  line.textContent = text;
  line.hidden = !text;
}
