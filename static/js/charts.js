// Charts (<c-chart>): reads the figures from <script type="application/json" id="X">, draws them with ECharts
// (loaded only on pages that hold a chart) and writes the same figures as a table of links, so that chart and
// list agree and everybody can read them. Data, all kinds:
//   {kind: "stack"|"bar"|"histogram", unit: "户", categories: [label], urls: [address or null],
//    series: [{name, tone, values, urls, counts, unit, line, table_only}], tones: [per bar],
//    edges: [value], line: {value, label}, percent: true when the values are shares in per cent}
// edges: of a histogram, one more than there are bars: they stand on an axis of values, the line exactly at its own.
// counts: how many rows stand behind each value that is no count itself (a share, an average); line: drawn as a line
// with an axis of its own; table_only: not drawn. When htmx brings other figures, charts and tables follow in place.
import { fresh, make } from "./dom.js";

// Neighbours differ in lightness first, in hue second: also for who does not tell red from green.
const TONES = { fail: "#a8281f", missing: "#eef1f4", pass: "#9fcab1", warn: "#d99a2b", act: "#8fb2dc", main: "#1f5aa6", plain: "#8fb2dc" };
// Parts of a whole that are neither good nor bad: dark and light in turn.
Object.assign(TONES, { s1: "#1f5aa6", s2: "#8fb2dc", s3: "#3f8a84", s4: "#d3e5da", s5: "#75639f", s6: "#ecd3a1", s7: "#5d6b7a", s8: "#c9dcf1" });
const DARK = new Set(["fail", "main", "s1", "s3", "s5", "s7"]); // white letters are read on these, ink on the others
const FONT = '-apple-system,"PingFang SC","Microsoft YaHei","Noto Sans CJK SC",sans-serif';
const NARROW = 420; // pixels
const PAPER = 660; // pixels: an A4 page less its margins
const SHARP = 2; // pixels of the drawing per pixel of the page: paper shows them
let library = null;
let onPaper = false;

function echarts() {
  library ??= new Promise((resolve, reject) => {
    const script = make("script", { src: document.body.dataset.echarts });
    script.addEventListener("load", () => resolve(window.echarts));
    script.addEventListener("error", reject);
    document.head.append(script);
  }).then((lib) => { lib.registerTheme("povreg", theme()); return lib; });
  return library;
}

function theme() {
  const axis = {
    axisLine: { lineStyle: { color: "#9aa5b1" } }, axisTick: { show: false },
    axisLabel: { color: "#465260", fontSize: 13 }, splitLine: { lineStyle: { color: "#e9edf2" } },
  };
  return { color: Object.values(TONES), textStyle: { fontFamily: FONT, color: "#1d2733" }, categoryAxis: { ...axis, splitLine: { show: false } }, valueAxis: { ...axis, axisLine: { show: false } } };
}

const number = (value, data) => (value === null ? "—" : data.percent ? `${value}%` : Number(value).toLocaleString("zh-CN"));
const drawn = (data) => data.series.filter((series) => !series.table_only);
const urlOf = (data, series, i) => series.urls?.[i] ?? data.urls?.[i] ?? null;

function line(data, series) {
  return {
    name: series.name, type: "line", xAxisIndex: 1, yAxisIndex: 1, connectNulls: true, symbolSize: 9, cursor: "pointer",
    lineStyle: { color: TONES[series.tone], width: 2 }, itemStyle: { color: TONES[series.tone] },
    data: series.values.map((value, i) => ({ value, url: urlOf(data, series, i), unit: series.unit })),
    label: { show: true, position: "top", color: TONES[series.tone], fontSize: 12, formatter: ({ value }) => Math.round(value).toLocaleString("zh-CN") },
  };
}

/** What is not recorded is outlined; parts of one bar are kept apart by a gap. */
function paint(tone, parts) {
  const color = TONES[tone] ?? TONES.plain;
  if (tone === "missing") return { color, borderColor: "#8b96a3", borderWidth: 1, borderType: "dashed" };
  return parts ? { color, borderColor: "#fff", borderWidth: 1 } : { color };
}

function bars(data, series, flat) {
  const last = drawn(data).length === 1;
  return {
    name: series.name, type: "bar", stack: data.kind === "stack" ? "all" : undefined,
    barMaxWidth: 96, barGap: "18%", barCategoryGap: data.kind === "histogram" ? "6%" : last || data.kind === "stack" ? "34%" : "16%",
    cursor: data.series.some((s) => s.urls) || data.urls ? "pointer" : "default",
    itemStyle: paint(series.tone, data.kind === "stack"),
    data: series.values.map((value, i) => ({
      value: data.edges ? [(data.edges[i] + data.edges[i + 1]) / 2, value] : value,
      name: String(data.categories[i]), url: urlOf(data, series, i), rows: series.counts?.[i], count: value,
      itemStyle: data.tones?.[i] ? paint(data.tones[i]) : undefined,
    })),
    label: label(data, series, flat, last),
    markLine: data.line && flat === false ? mark(data.line) : undefined,
  };
}

function label(data, series, flat, single) {
  if (data.kind === "histogram") return { show: onPaper, position: "top", color: "#1d2733", fontSize: 10, formatter: ({ value }) => (value[1] ? number(value[1], data) : "") };
  if (data.kind === "bar" && !single) return { show: true, position: flat ? "right" : "top", color: "#1d2733", fontSize: 12, formatter: ({ value }) => (value ? number(value, data) : "") };
  const largest = Math.max(...drawn(data).filter((s) => !s.line).flatMap((s) => s.values), 1);
  return {
    show: true, position: single ? (flat ? "right" : "top") : "inside", color: !single && DARK.has(series.tone) ? "#fff" : "#1d2733", fontSize: 12,
    formatter: ({ value }) => (!value || (!single && value < largest * 0.12) ? "" : number(value, data)),
  };
}

function mark(line) {
  return {
    silent: true, symbol: "none", lineStyle: { color: "#1d2733", type: "solid", width: 1 },
    label: { formatter: line.label, color: "#1d2733", fontSize: 12 }, data: [{ xAxis: line.value }],
  };
}

function tip(point, data) {
  const { url, rows, count, unit = data.percent ? "" : data.unit ?? "" } = point.data ?? {};
  const behind = rows === undefined ? "" : `（${number(rows, {})} 户）`;
  return `${point.name}${point.seriesName ? " " + point.seriesName : ""}：${number(count ?? point.value, unit ? {} : data)}${unit}${behind}${url ? "，点击看名单" : ""}`;
}

/** The bars of a histogram stand between their edges. */
function scale(data) {
  const [first, last] = [data.edges[0], data.edges.at(-1)];
  const inPercent = data.edges_in === "%";
  return {
    xAxis: { type: "value", min: first, max: last, splitLine: { show: false }, axisLine: { show: true }, axisLabel: { hideOverlap: true, showMinLabel: false, showMaxLabel: false, formatter: (v) => (inPercent ? `${Math.round(v * 100)}%` : number(v, {})) } },
    yAxis: { type: "value", minInterval: 1, splitNumber: 4 },
  };
}

function axes(data, flat, several) {
  if (data.edges) return scale(data);
  const names = { type: "category", data: data.categories, inverse: flat, axisLabel: { interval: 0 } };
  const figures = { type: "value", minInterval: 1, splitNumber: 5, axisLabel: { formatter: (v) => number(v, data) }, show: several || !flat };
  if (!drawn(data).some((series) => series.line)) return flat ? { xAxis: figures, yAxis: names } : { xAxis: names, yAxis: figures };
  const above = { gridIndex: 1, show: false };
  return { xAxis: [names, { ...names, ...above }], yAxis: [figures, { type: "value", scale: true, ...above }] };
}

/** Lines stand above the bars, in a strip of their own. */
function grids(data, flat, several, width) {
  const legend = several ? drawn(data).reduce((sum, series) => sum + series.name.length * 13 + 42, 0) : 0;
  const top = (several || data.line ? 34 : 8) + 20 * Math.max(0, Math.ceil(legend / width) - 1);
  const whole = { left: 4, right: flat && !several ? 58 : 26, top, bottom: 4, containLabel: true };
  if (!drawn(data).some((series) => series.line)) return whole;
  return [{ ...whole, top: top + 66 }, { left: 48, right: whole.right, top: top + 18, height: 34 }];
}

function option(data, width) {
  const narrow = width < NARROW;
  const flat = data.kind !== "histogram" && (data.horizontal !== false || (narrow && data.kind === "bar"));
  const shown = drawn(data), several = shown.length > 1;
  return {
    animation: false, aria: { enabled: true, decal: { show: false } },
    grid: grids(data, flat, several, width),
    legend: several ? { top: 0, right: 0, icon: "roundRect", itemWidth: 22, itemHeight: 9, textStyle: { fontSize: 13 } } : undefined,
    tooltip: { trigger: "item", renderMode: "richText", formatter: (point) => tip(point, data) },
    ...axes(data, flat, several),
    series: shown.map((series) => (series.line ? line(data, series) : bars(data, series, flat))),
  };
}

function cell(data, series, i) {
  const text = number(series.values[i], series.unit ? {} : data);
  const url = series.values[i] === null ? null : urlOf(data, series, i);
  const behind = series.counts ? `（${number(series.counts[i], {})} 户）` : "";
  return make("td", { class: "num" }, url ? make("a", { href: url }, text + behind) : text);
}

function table(data) {
  const unit = (series) => series.unit ?? data.unit;
  const head = make("tr", {}, make("th", { scope: "col" }, data.head ?? "项目"), ...data.series.map((s) => make("th", { scope: "col", class: "num" }, `${s.name}${unit(s) ? `（${unit(s)}）` : ""}`)));
  const rows = data.categories.map((name, i) => make("tr", {}, make("th", { scope: "row" }, String(name)), ...data.series.map((s) => cell(data, s, i))));
  return make("table", { class: "grid-table" }, make("thead", {}, head), make("tbody", {}, ...rows));
}

/** The table below a chart; whoever stands on one of its links stays there. */
function writeTable(name, data) {
  const holder = document.querySelector(`[data-chart-table="${name}"]`);
  if (!holder) return null;
  const at = [...holder.querySelectorAll("a")].indexOf(document.activeElement);
  holder.replaceChildren(table(data));
  if (at >= 0) holder.querySelectorAll("a")[at]?.focus({ preventScroll: true });
  return holder;
}

const live = new Map(); // box → {chart, text}

function show(box, entry) {
  entry.width = box.clientWidth;
  entry.chart.setOption(option(JSON.parse(entry.text), entry.width), { notMerge: true });
}

/** Legend and direction of bars depend on the width: a phone that is turned gets another drawing. */
function fit(box, entry) {
  entry.chart.resize();
  show(box, entry);
}

/** On paper a chart is drawn anew at the width of the page, at its proportions, with the numbers that one points at on a
 *  screen; afterwards as it was. */
function lay(box, entry) {
  const height = Math.round((box.clientHeight / Math.max(box.clientWidth, 1)) * PAPER);
  entry.height = box.style.height;
  box.style.width = `${PAPER}px`;
  box.style.height = `${Math.min(Math.max(height, box.clientHeight * 0.7), PAPER)}px`;
  fit(box, entry);
}

function toPaper() {
  if (onPaper) return;
  onPaper = true;
  for (const [box, entry] of live) if (entry.chart && box.isConnected) lay(box, entry);
}

function toScreen() {
  if (!onPaper) return;
  onPaper = false;
  for (const [box, entry] of live) {
    if (!entry.chart || !box.isConnected) continue;
    Object.assign(box.style, { width: "", height: entry.height ?? "" });
    fit(box, entry);
  }
}

async function draw(box) {
  const name = box.dataset.chart;
  const text = document.getElementById(name).textContent;
  const holder = writeTable(name, JSON.parse(text));
  const entry = { chart: null, text, width: 0 };
  live.set(box, entry);
  try {
    entry.chart = (await echarts()).init(box, "povreg", { renderer: "canvas", devicePixelRatio: Math.max(window.devicePixelRatio, SHARP) });
    show(box, entry);
    entry.chart.on("click", ({ data: point }) => { if (point?.url) window.location.assign(point.url); });
    new ResizeObserver(() => { if (!onPaper && box.clientWidth !== entry.width) fit(box, entry); }).observe(box);
    if (onPaper) lay(box, entry);
  } catch {
    box.hidden = true;
    holder?.closest("details")?.setAttribute("open", "");
  }
}

/** Draw again what changed: the same canvas with other figures, so nothing flickers and the page does not move. */
function redraw() {
  for (const [box, entry] of live) {
    const text = document.getElementById(box.dataset.chart)?.textContent;
    if (!box.isConnected || text === undefined) live.delete(box);
    else if (text !== entry.text) {
      entry.text = text;
      writeTable(box.dataset.chart, JSON.parse(text));
      if (entry.chart) show(box, entry);
    }
  }
}

document.addEventListener("htmx:afterSettle", redraw);
window.addEventListener("beforeprint", toPaper);
window.addEventListener("afterprint", toScreen);

export function setUpCharts(root) {
  for (const box of fresh(root, "[data-chart]", "chartReady")) draw(box);
}
