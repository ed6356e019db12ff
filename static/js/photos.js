// Photos of a household: several at once, each made smaller before it is sent (pixels drawn anew, which leaves position and
// device behind), with its progress, and a button to try again where it did not get through. What a browser cannot draw
// (HEIC outside Safari) goes to the server as it is, which converts it. Without scripts the form sends the files itself.
import { csrfToken } from "./csrf.js";
import { fresh, make } from "./dom.js";
import { relogin } from "./relogin.js";

const LONGEST = 2000; // pixels of the longer side
const QUALITY = 0.85;
const SMALL = 400 * 1024; // bytes; a smaller JPEG is redrawn for its position only
const PICTURE = /^image\/|\.(heic|heif)$/i;

/** The file to send: a picture redrawn, anything else itself. */
export async function smaller(file) {
  if (!PICTURE.test(file.type) && !PICTURE.test(file.name)) return file;
  try {
    const drawn = await createImageBitmap(file, { imageOrientation: "from-image" });
    const scale = Math.min(1, LONGEST / Math.max(drawn.width, drawn.height));
    const canvas = make("canvas", { width: Math.round(drawn.width * scale), height: Math.round(drawn.height * scale) });
    const pen = canvas.getContext("2d");
    pen.fillStyle = "#fff";
    pen.fillRect(0, 0, canvas.width, canvas.height);
    pen.drawImage(drawn, 0, 0, canvas.width, canvas.height);
    const blob = await new Promise((resolve) => canvas.toBlob(resolve, "image/jpeg", QUALITY));
    if (!blob || (blob.size > file.size && file.size > SMALL)) return file;
    return new File([blob], file.name.replace(/\.\w+$/, "") + ".jpg", { type: "image/jpeg" });
  } catch { return file; }
}

function post(form, file, onProgress) {
  const body = new FormData(form);
  body.delete("file");
  body.delete("once_key");
  body.append("file", file);
  return new Promise((resolve) => {
    const xhr = new XMLHttpRequest();
    xhr.open("POST", form.getAttribute("action"));
    xhr.setRequestHeader("X-CSRFToken", csrfToken());
    xhr.setRequestHeader("X-Whole-Page", "1");
    xhr.setRequestHeader("X-Requested-With", "fetch");
    xhr.upload.addEventListener("progress", (event) => event.lengthComputable && onProgress(event.loaded / event.total));
    xhr.addEventListener("load", () => resolve(xhr));
    for (const kind of ["error", "timeout", "abort"]) xhr.addEventListener(kind, () => resolve(null));
    xhr.send(body);
  });
}

function reason(xhr) {
  if (!xhr) return "没有传上，请检查网络后再试。";
  if (xhr.status === 413) return "文件太大，请压缩后再传。";
  const page = new DOMParser().parseFromString(xhr.responseText, "text/html");
  const text = page.querySelector(".error-summary li, .errorlist li")?.textContent.replace(/\s+/g, " ").trim();
  return text || "没有传上，请稍后再试。";
}

/** Send one file; true once the server has it. */
async function sendOne(form, row, file) {
  row.bar.hidden = false;
  row.again.hidden = true;
  row.state.textContent = "正在压缩";
  const ready = await smaller(file);
  row.state.textContent = "正在上传";
  const xhr = await post(form, ready, (share) => { row.bar.value = share; });
  if (xhr?.status === 401 && await relogin()) return sendOne(form, row, file);
  const done = xhr !== null && xhr.status >= 200 && xhr.status < 300;
  row.state.textContent = done ? "已上传" : reason(xhr);
  row.state.className = done ? "soft" : "field-error";
  row.again.hidden = done;
  row.bar.hidden = true;
  return done;
}

function rowOf(list, file) {
  const bar = make("progress", { max: "1", value: "0", "aria-label": `${file.name} 的进度` });
  const state = make("span", { class: "soft", role: "status" }, "等待");
  const again = make("button", { type: "button", class: "btn btn-plain btn-sm" }, "再试一次");
  again.hidden = true;
  list.append(make("li", {}, make("b", {}, file.name), bar, state, again));
  return { bar, state, again };
}

async function sendAll(form, files) {
  const list = form.querySelector("[data-photo-list]");
  list.replaceChildren();
  const rows = files.map((file) => [file, rowOf(list, file)]);
  const left = new Set();
  const finish = () => { if (!left.size) window.location.reload(); };
  for (const [file, row] of rows) {
    left.add(file);
    row.again.addEventListener("click", async () => { if (await sendOne(form, row, file)) { left.delete(file); finish(); } });
    if (await sendOne(form, row, file)) left.delete(file);
  }
  finish();
}

export function setUpPhotos(root) {
  for (const form of fresh(root, "form[data-photos]", "photosReady")) {
    const inputs = [...form.querySelectorAll('input[type="file"]')];
    const chosen = () => inputs.flatMap((input) => [...input.files]);
    form.addEventListener("submit", (event) => {
      if (!chosen().length || !form.elements.kind.value) return; // the server says what is missing
      event.preventDefault();
      event.stopImmediatePropagation();
      delete form.dataset.busy;
      sendAll(form, chosen());
    }, true);
  }
}
