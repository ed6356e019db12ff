// htmx for this house: CSRF header, plain words for every failure, login in place when the session has
// expired, and a line at the top while something loads. Nothing typed is ever replaced by an error page.
import { clearTrouble, showTrouble } from "./banner.js";
import { relogin } from "./relogin.js";
import { csrfToken, renewOnce } from "./csrf.js";
import { needsLogin } from "./session.js";

const LOST = "没有保存成功，您填写的内容还在，请检查网络后再试。";
const NOT_LOADED = "没有加载成功，请检查网络后再试。";
const BY_STATUS = {
  400: "提交的内容系统无法识别，没有保存。请刷新页面后再试；您填写的内容已在本机留底。",
  403: "您没有办理这件事的权限，没有保存。如确需办理，请联系账号管理员。",
  404: "这条记录不存在，或已移出您的管辖范围。请返回名单重新打开。",
  405: "这一步不能这样办理，请刷新页面后再试。",
  413: "文件太大，没有上传。请压缩或拆分后再试。",
  429: "操作太频繁，请过一分钟再试。",
};

function words(detail) {
  const status = detail.xhr?.status;
  if (BY_STATUS[status]) return BY_STATUS[status];
  const reading = detail.requestConfig?.verb === "get";
  if (status >= 500) {
    return reading
      ? "系统暂时出了问题，没有加载成功，请稍后再试。"
      : "系统暂时出了问题，没有保存成功，您填写的内容还在，请稍后再试。";
  }
  return reading ? NOT_LOADED : LOST;
}

/** The same request once more: a form is submitted again by its own button, anything else is asked again. */
function again({ requestConfig, target }) {
  const elt = requestConfig.elt; // who asked; the event itself is told by the element the answer was meant for
  if (!elt.isConnected) return;
  if (elt.tagName === "FORM") {
    const submitter = requestConfig.triggeringEvent?.submitter;
    elt.requestSubmit(submitter?.isConnected ? submitter : undefined);
  } else {
    window.htmx.ajax(requestConfig.verb, requestConfig.path, { source: elt, target });
  }
}

const quiet = (elt) => Boolean(elt?.closest?.("[data-quiet]"));

function report(event) {
  if (quiet(event.detail.elt)) return;
  showTrouble(words(event.detail), () => again(event.detail));
}

function beforeSwap(event) {
  const detail = event.detail;
  if (!needsLogin(detail.xhr)) return;
  detail.shouldSwap = false;
  detail.isError = false;
  relogin().then((done) => done && again(detail));
}

export function setUpHtmx() {
  const on = (name, handler) => document.addEventListener(name, handler);
  on("htmx:configRequest", ({ detail }) => {
    detail.headers["X-CSRFToken"] = csrfToken();
    // What a page asks by itself does not prolong the session of somebody who has left.
    if (detail.elt.getAttribute("hx-trigger")?.startsWith("every")) detail.headers["X-Background"] = "1";
  });
  on("htmx:beforeRequest", (event) => {
    if (!quiet(event.detail.elt)) document.body.classList.add("is-loading");
  });
  on("htmx:afterRequest", (event) => {
    document.body.classList.remove("is-loading");
    const { requestConfig, xhr } = event.detail;
    if (requestConfig?.verb === "post" && xhr.status && xhr.status < 400) renewOnce(requestConfig.elt.closest("form"));
    if (event.detail.xhr.status && event.detail.xhr.status < 400 && !quiet(event.detail.elt)) clearTrouble();
  });
  on("htmx:beforeSwap", beforeSwap);
  for (const name of ["htmx:responseError", "htmx:sendError", "htmx:timeout", "htmx:swapError"]) on(name, report);
  on("click", (event) => event.target.closest("[data-dismiss]")?.closest(".note")?.remove());
}
