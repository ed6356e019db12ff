// The quick log of a visit: one press for "all fine", words only for problems, photos made small before they travel,
// the sentences to be read to the family, and the signature on the screen.

const LONGEST_SIDE = 1600; // pixels of a photo; about 300 KB
const QUALITY = 0.8;

const form = document.querySelector("form[data-visit]");
const value = (name) => form.querySelector(`input[name="${name}"]:checked`)?.value ?? "";

function topics() {
  return [...form.querySelectorAll("[data-topic]")].map((box) => {
    const name = box.querySelector("input[type=radio]").name;
    const words = box.querySelector("[data-words] input");
    return { box, name, label: box.querySelector("legend").textContent.trim(), answer: value(name), words };
  });
}

/** The line for words stands there only where something is wrong. */
function showWords() {
  for (const { box, answer, words } of topics()) {
    box.querySelector("[data-words]").hidden = answer !== "problem" && !words.value;
  }
}

/** What is read to the family before it signs. */
function readOut() {
  const place = form.querySelector("[data-read-out]");
  const found = topics();
  const fine = found.filter((each) => each.answer === "fine").map((each) => each.label);
  const wrong = found.filter((each) => each.answer === "problem").map((each) => `${each.label}：${each.words.value || "有问题"}`);
  const unasked = found.filter((each) => !each.answer).map((each) => each.label);
  const lines = [];
  if (fine.length) lines.push(`${fine.join("、")}没有问题；`);
  lines.push(...wrong.map((text) => `${text}；`));
  if (unasked.length && unasked.length < found.length) lines.push(`${unasked.join("、")}这次没有问到。`);
  const next = form.querySelector('[name="next_step"]').value;
  if (next) lines.push(`下一步：${next}。`);
  place.replaceChildren(...lines.map((text) => Object.assign(document.createElement("p"), { textContent: text })));
  place.hidden = !lines.length;
}

async function small(file) {
  const picture = await createImageBitmap(file).catch(() => null);
  if (!picture) return file;
  const scale = Math.min(1, LONGEST_SIDE / Math.max(picture.width, picture.height));
  const canvas = document.createElement("canvas");
  canvas.width = Math.round(picture.width * scale);
  canvas.height = Math.round(picture.height * scale);
  canvas.getContext("2d").drawImage(picture, 0, 0, canvas.width, canvas.height);
  const blob = await new Promise((done) => { canvas.toBlob(done, "image/jpeg", QUALITY); });
  return blob && blob.size < file.size ? new File([blob], "photo.jpg", { type: "image/jpeg" }) : file;
}

async function shrink(event) {
  const input = event.target;
  const kept = new DataTransfer();
  for (const file of input.files) kept.items.add(await small(file));
  input.files = kept.files;
}

/** The pad for the signature; what is drawn travels as a picture in a hidden field. */
function signPad() {
  const pad = form.querySelector("[data-sign-pad]");
  const again = form.querySelector("[data-sign-again]");
  const field = form.querySelector('input[name="signature"]');
  const pen = pad.getContext("2d");
  pad.hidden = again.hidden = false;
  Object.assign(pen, { lineWidth: 4, lineCap: "round", lineJoin: "round", strokeStyle: "#1d2733" });
  const at = (event) => {
    const box = pad.getBoundingClientRect();
    return [(event.clientX - box.left) * (pad.width / box.width), (event.clientY - box.top) * (pad.height / box.height)];
  };
  let drawing = false;
  pad.addEventListener("pointerdown", (event) => {
    drawing = true;
    pad.setPointerCapture(event.pointerId);
    pen.beginPath();
    pen.moveTo(...at(event));
  });
  pad.addEventListener("pointermove", (event) => {
    if (!drawing) return;
    pen.lineTo(...at(event));
    pen.stroke();
  });
  pad.addEventListener("pointerup", () => {
    drawing = false;
    field.value = pad.toDataURL("image/png");
    if (!value("signer")) form.querySelector('input[name="signer"]').checked = true;
  });
  again.addEventListener("click", () => {
    pen.clearRect(0, 0, pad.width, pad.height);
    field.value = "";
    for (const radio of form.querySelectorAll('input[name="signer"]')) radio.checked = false;
  });
}

if (form) {
  const all = form.querySelector("[data-all-fine]");
  all.hidden = false;
  all.addEventListener("click", () => {
    for (const { box, answer } of topics()) if (!answer) box.querySelector('input[value="fine"]').checked = true;
    showWords();
    readOut();
  });
  form.addEventListener("input", () => { showWords(); readOut(); });
  form.querySelector('input[name="photos"]').addEventListener("change", shrink);
  signPad();
  showWords();
  readOut();
}
