// Charts (<c-chart>): reads the figures from <script type="application/json" id="X">, draws them with ECharts
// (loaded only on pages that hold a chart) and writes the same figures as a table of links, so that chart and
// list agree and everybody can read them. Data, all kinds:
//   {kind: "stack"|"bar"|"histogram", unit: "户", categories: [label], urls: [address or null],
//    series: [{name, tone, values, urls}], tones: [per bar], line: {at: category index or fraction, label},
//    percent: true when the values are shares in per cent}
import { fresh, make } from "./dom.js";

const TONES = { fail: "#c0362c", missing: "#c8cfd8", pass: "#2f7d4f", warn: "#d9a23b", act: "#7c9fcd", main: "#1f5aa6", plain: "#7c9fcd" };
const FONT = '-apple-system,"PingFang SC","Microsoft YaHei","Noto Sans CJK SC",sans-serif';
let library = null;

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

const number = (value, data) => (data.percent ? `${value}%` : Number(value).toLocaleString("zh-CN"));
const urlOf = (data, series, i) => series.urls?.[i] ?? data.urls?.[i] ?? null;

function bars(data, series, flat) {
  const last = data.series.length === 1;
  return {
    name: series.name, type: "bar", stack: data.kind === "stack" ? "all" : undefined,
    barCategoryGap: data.kind === "histogram" ? "6%" : "34%",
    cursor: data.series.some((s) => s.urls) || data.urls ? "pointer" : "default",
    itemStyle: { color: TONES[series.tone] ?? TONES.plain },
    data: series.values.map((value, i) => ({ value, url: urlOf(data, series, i), itemStyle: data.tones?.[i] ? { color: TONES[data.tones[i]] } : undefined })),
    label: label(data, series, flat, last),
    markLine: data.line && flat === false ? mark(data.line) : undefined,
  };
}

function label(data, series, flat, single) {
  if (data.kind === "histogram") return { show: false };
  const largest = Math.max(...data.series.flatMap((s) => s.values), 1);
  const inside = !single && series.tone !== "missing";
  return {
    show: single || inside, position: single ? (flat ? "right" : "top") : "inside", color: single ? "#1d2733" : "#fff", fontSize: 12,
    formatter: ({ value }) => (!value || (!single && value < largest * 0.12) ? "" : number(value, data)),
  };
}

function mark(line) {
  return {
    silent: true, symbol: "none", lineStyle: { color: "#1d2733", type: "solid", width: 1 },
    label: { formatter: line.label, color: "#1d2733", fontSize: 12 }, data: [{ xAxis: line.at }],
  };
}

function option(data) {
  const flat = data.kind !== "histogram" && data.horizontal !== false;
  const names = { type: "category", data: data.categories, inverse: flat, axisLabel: data.kind === "histogram" ? { hideOverlap: true } : { interval: 0 } };
  const figures = { type: "value", minInterval: 1, splitNumber: 5, axisLabel: { formatter: (v) => number(v, data) }, show: data.series.length > 1 || !flat };
  return {
    animation: false, aria: { enabled: true, decal: { show: false } },
    grid: { left: 4, right: flat && data.series.length === 1 ? 58 : 26, top: data.series.length > 1 || data.line ? 34 : 8, bottom: 4, containLabel: true },
    legend: data.series.length > 1 ? { top: 0, right: 0, icon: "roundRect", itemWidth: 22, itemHeight: 9, textStyle: { fontSize: 13 } } : undefined,
    tooltip: { trigger: "item", renderMode: "richText", formatter: (p) => `${p.name}${p.seriesName ? " " + p.seriesName : ""}：${number(p.value, data)}${data.percent ? "" : data.unit ?? ""}` },
    xAxis: flat ? figures : names, yAxis: flat ? names : figures,
    series: data.series.map((series) => bars(data, series, flat)),
  };
}

function cell(data, series, i) {
  const text = number(series.values[i], data);
  const url = urlOf(data, series, i);
  return make("td", { class: "num" }, url ? make("a", { href: url }, text) : text);
}

function table(data) {
  const head = make("tr", {}, make("th", { scope: "col" }, data.head ?? "项目"), ...data.series.map((s) => make("th", { scope: "col", class: "num" }, `${s.name}${data.unit ? `（${data.unit}）` : ""}`)));
  const rows = data.categories.map((name, i) => make("tr", {}, make("th", { scope: "row" }, String(name)), ...data.series.map((s) => cell(data, s, i))));
  return make("table", { class: "grid-table" }, make("thead", {}, head), make("tbody", {}, ...rows));
}

async function draw(box) {
  const data = JSON.parse(document.getElementById(box.dataset.chart).textContent);
  const holder = document.querySelector(`[data-chart-table="${box.dataset.chart}"]`);
  holder?.replaceChildren(table(data));
  try {
    const chart = (await echarts()).init(box, "povreg", { renderer: "canvas" });
    chart.setOption(option(data));
    chart.on("click", ({ data: point }) => { if (point?.url) window.location.assign(point.url); });
    new ResizeObserver(() => chart.resize()).observe(box);
  } catch {
    box.hidden = true;
    holder?.closest("details")?.setAttribute("open", "");
  }
}

export function setUpCharts(root) {
  for (const box of fresh(root, "[data-chart]", "chartReady")) draw(box);
}
