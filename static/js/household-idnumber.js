// The identity number while it is being typed (GB 11643): the same checks, in the same order, as povreg/kit/idnumber.py.
const WEIGHTS = [7, 9, 10, 5, 8, 4, 2, 1, 6, 3, 7, 9, 10, 5, 8, 4, 2];
const CHECK_DIGITS = "10X98765432";
const LENGTHS = [18, 20, 22];

/** Blanks removed, half-width, x to X. */
export function normalise(raw) {
  return raw.normalize("NFKC").replace(/\s/g, "").toUpperCase();
}

export function checkDigit(first17) {
  return CHECK_DIGITS[[...first17].reduce((sum, digit, i) => sum + Number(digit) * WEIGHTS[i], 0) % 11];
}

function upgrade(digits15) {
  const first17 = `${digits15.slice(0, 6)}19${digits15.slice(6)}`;
  return first17 + checkDigit(first17);
}

function birth(text, today) {
  const [year, month, day] = [text.slice(6, 10), text.slice(10, 12), text.slice(12, 14)];
  const date = new Date(`${year}-${month}-${day}T00:00:00Z`);
  const real = /^\d{8}$/.test(year + month + day) && !Number.isNaN(date.getTime()) && date.toISOString().startsWith(`${year}-${month}-${day}`);
  const iso = `${year}-${month}-${day}`;
  return real && iso >= "1900-01-01" && iso <= today ? iso : null;
}

/** Completed years of age on a day; both as YYYY-MM-DD. */
export function ageOn(born, day) {
  const before = day.slice(5) < born.slice(5);
  return Number(day.slice(0, 4)) - Number(born.slice(0, 4)) - (before ? 1 : 0);
}

function lengthFault(size) {
  const wanted = LENGTHS.find((length) => length > size);
  if (size < 18) return `还差 ${18 - size} 位：应为 18 位`;
  return wanted ? `现在 ${size} 位：身份证号应为 18 位，残疾证号为 20 或 22 位` : `多了 ${size - 18} 位：应为 18 位`;
}

/** {fault} with what is wrong and what to do, or {text, born, sex, age, upgraded}. `today` as YYYY-MM-DD. */
export function read(raw, today) {
  let text = normalise(raw);
  const cut = /^\d{6}(19|20)/.test(text); // a number of 18 that is not finished, rather than one of 15 of somebody over 100
  const upgraded = /^\d{15}$/.test(text) && !cut;
  if (upgraded) text = upgrade(text);
  if (!LENGTHS.includes(text.length)) return { fault: lengthFault(text.length) };
  const born = birth(text, today);
  if (!born) return { fault: `出生日期 ${text.slice(6, 14)} 不存在：请核对第 7 至 14 位` };
  if (!/^\d{17}$/.test(text.slice(0, 17)) || text[17] !== checkDigit(text.slice(0, 17))) {
    return { fault: "校验码不对：请逐位核对，可能有一位输错" };
  }
  return { text, born, sex: Number(text[16]) % 2 ? "1" : "2", age: ageOn(born, today), upgraded };
}
