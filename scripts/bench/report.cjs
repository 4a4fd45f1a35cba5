// @ts-check
// What figures say, for people: a table for the terminal, a page of documentation, and its chart.

"use strict";

const { difference, median, ratio } = require("./statistics.cjs");

/** @typedef {import("./statistics.cjs").Figure} Figure */
/** @typedef {{ id: string, title: string }} Named */

/**
 * Everything that one run gave.
 *
 * @typedef {object} Report
 * @property {readonly Named[]} contenders the floor first
 * @property {Record<string, string | number>} conditions where and how it was measured
 * @property {readonly Figure[]} figures
 * @property {readonly string[]} remarks what went otherwise than planned, in sentences
 */

/** The parts of the benchmark, in the order in which they are shown. */
const PARTS = {
  preview: "No-op preview",
  create: "Up that creates",
  refresh: "Refresh",
  destroy: "Destroy",
  state: "State of one resource",
  process: "Provider process",
  program: "Program",
};

const ONCE = "¹";

/**
 * @param {Report} report
 * @returns {{ part: string, cells: string[] }[]} the first cell says what was measured, then there is one for each contender
 */
function rowsOf({ contenders, figures }) {
  return Object.keys(PARTS).flatMap((part) =>
    figures
      .filter((figure) => figure.part === part)
      .map((figure) => ({
        part,
        cells: [figure.label, ...contenders.map(({ id }, index) => cellOf(figure, contenders, index, id))],
      })),
  );
}

/**
 * @param {Figure} figure
 * @param {readonly Named[]} contenders
 * @param {number} index
 * @param {string} id
 */
function cellOf({ values, unit, against }, contenders, index, id) {
  const own = values[id] ?? [];
  const shown = median(own);
  if (shown === undefined) {
    return "–";
  }
  const rounds = Math.max(...Object.values(values).map((all) => all.length));
  const isOnce = rounds > 1 && own.filter((value) => value !== null).length === 1;
  const floor = (index > 0 && values[contenders[0]?.id ?? ""]) || [];
  const relation =
    against === "ratio" ? ratio(own, floor) : against === "difference" ? difference(own, floor) : undefined;
  const absolute = quantity(shown, unit);
  const compared =
    relation === undefined
      ? absolute
      : against === "ratio"
        ? `${relation.toFixed(2)} × (${absolute})`
        : `${relation < 0 ? "−" : "+"}${quantity(Math.abs(relation), unit)} (${absolute})`;
  return isOnce ? `${compared} ${ONCE}` : compared;
}

/**
 * @param {number} value
 * @param {Figure["unit"]} unit
 */
function quantity(value, unit) {
  switch (unit) {
    case "ms":
      return value >= 1000 ? `${(value / 1000).toPrecision(3)} s` : `${threeDigits(value)} ms`;
    case "ms each":
      return `${threeDigits(value)} ms`;
    case "calls":
      return `${grouped(value)} ${value === 1 ? "call" : "calls"}`;
    case "bytes":
      return `${grouped(value)} B`;
    case "MB":
      return `${Math.round(value)} MB`;
  }
}

/** @param {number} value */
function threeDigits(value) {
  const size = Math.abs(value);
  return value.toFixed(size >= 100 ? 0 : size >= 10 ? 1 : 2).replace("-", "−");
}

/** @param {number} value */
function grouped(value) {
  return Math.round(value).toLocaleString("en-US");
}

/**
 * What stands below the table.
 * @param {readonly { cells: string[] }[]} rows
 * @param {Report} report
 */
function notesOn(rows, { remarks }) {
  const isOnce = rows.some(({ cells }) => cells.some((cell) => cell.endsWith(ONCE)));
  return [...(isOnce ? [`${ONCE} Measured in one round only, because it takes long.`] : []), ...remarks];
}

/**
 * The table for a terminal.
 * @param {Report} report
 */
function textTable(report) {
  const rows = rowsOf(report);
  const header = ["", ...report.contenders.map(({ title }) => title)];
  const widths = header.map((title, column) =>
    Math.max(title.length, ...rows.map(({ cells }) => (cells[column]?.length ?? 0) + (column === 0 ? 2 : 0))),
  );
  const line = (/** @type {readonly string[]} */ cells) =>
    cells
      .map((cell, column) => cell.padEnd(widths[column] ?? 0))
      .join("  ")
      .trimEnd();
  const lines = [line(header)];
  for (const [part, title] of Object.entries(PARTS)) {
    const own = rows.filter((row) => row.part === part);
    if (own.length > 0) {
      lines.push(title, ...own.map(({ cells: [label, ...rest] }) => line([`  ${label}`, ...rest])));
    }
  }
  const notes = notesOn(rows, report);
  return [...lines, ...(notes.length === 0 ? [] : ["", ...notes])].join("\n");
}

/**
 * The page of documentation; `chart` is the file name of the chart, where there is one.
 * @param {Report} report
 * @param {string | undefined} chart
 */
function page(report, chart) {
  const rows = rowsOf(report);
  const [floor] = report.contenders;
  const row = (/** @type {readonly string[]} */ cells) => `| ${cells.join(" | ")} |`;
  const header = ["", ...report.contenders.map(({ title }) => title)];
  const table = [
    row(header),
    row(header.map(() => "---")),
    ...Object.entries(PARTS).flatMap(([part, title]) => {
      const own = rows.filter((one) => one.part === part);
      return own.length === 0
        ? []
        : [row([`**${title}**`, ...report.contenders.map(() => "")]), ...own.map(({ cells }) => row(cells))];
    }),
  ];
  const conditions = Object.entries(report.conditions).map(([name, value]) => `- ${name}: ${value}`);
  return [
    "# Benchmark",
    "Written by `npm run bench -- --write`. Everything was measured in one run, in turns, on the real Pulumi CLI and the emulators of this package; what counts are the ratios, since seconds depend on the machine.",
    ...(chart === undefined ? [] : [`![Seconds by number of resources](${chart})`]),
    table.join("\n"),
    ...notesOn(rows, report),
    "## What is compared",
    [
      `- **${floor?.title ?? ""}**, the floor: resources with the same arguments whose provider does nothing. Its code is a short text that needs no serialising, as that of this package: what it takes is Pulumi's own.`,
      "- **pulumi-dingtalk**: this package.",
      "- **plain dynamic resource**: written as Pulumi's documentation shows it, with functions that Pulumi serialises. It logs in for every operation, asks for a job once a second, and reads one object after the other.",
    ].join("\n"),
    "A ratio is the median of the ratios of each round, and a time the median of its rounds. Calls are all requests that the emulator saw, logins and questions for jobs included.",
    "## Where it was measured",
    conditions.join("\n"),
    "",
  ].join("\n\n");
}

// ── The chart ───────────────────────────────────────────────────────────────────────────────────────────────────

const PANEL = { width: 300, height: 190, left: 44, right: 14, top: 34, bottom: 34 };
/** Told apart by shape and dash as well as by colour. */
const LINES = [
  { colour: "#6b7280", dash: "2 3" },
  { colour: "#0b63ce", dash: "" },
  { colour: "#c2410c", dash: "7 4" },
  { colour: "#0f766e", dash: "1 2 6 2" },
];

/**
 * A chart of small panels, seconds by number of resources; `undefined` where nothing was measured at two sizes.
 * @param {Report} report
 * @returns {string | undefined}
 */
function chart({ contenders, figures }) {
  const panels = Object.entries(PARTS).flatMap(([part, title]) => {
    const series = contenders.map(({ id }) => pointsOf(figures, part, id));
    return series.some((points) => points.length > 1) ? [{ title, series }] : [];
  });
  if (panels.length === 0) {
    return undefined;
  }
  const columns = Math.min(2, panels.length);
  const legendHeight = 26;
  const width = columns * PANEL.width;
  const height = Math.ceil(panels.length / columns) * PANEL.height + legendHeight;
  const legend = contenders.map(({ title }, index) => {
    const x = 12 + index * Math.floor((width - 12) / contenders.length);
    const { colour, dash } = LINES[index % LINES.length] ?? { colour: "#000", dash: "" };
    return `<path d="M${x} 14h22" stroke="${colour}" stroke-dasharray="${dash}" stroke-width="2"/><text x="${x + 28}" y="18">${escaped(title)}</text>`;
  });
  return [
    `<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 ${width} ${height}" width="${width}" height="${height}" font-family="system-ui, sans-serif" font-size="11" fill="#1f2937">`,
    "<title>Seconds by number of resources</title>",
    `<rect width="${width}" height="${height}" fill="#fff"/>`,
    ...legend,
    ...panels.map(({ title, series }, index) => {
      const x = (index % columns) * PANEL.width;
      const y = Math.floor(index / columns) * PANEL.height + legendHeight;
      return `<g transform="translate(${x} ${y})">${panel(title, series)}</g>`;
    }),
    "</svg>",
    "",
  ].join("\n");
}

/**
 * @param {readonly Figure[]} figures
 * @param {string} part
 * @param {string} id
 * @returns {[size: number, seconds: number][]}
 */
function pointsOf(figures, part, id) {
  return figures.flatMap((figure) => {
    const ms = median(figure.values[id] ?? []);
    const isTime = figure.part === part && figure.unit === "ms" && figure.kind === "endpoint";
    return isTime && figure.size !== undefined && ms !== undefined
      ? [/** @type {[number, number]} */ ([figure.size, ms / 1000])]
      : [];
  });
}

/**
 * @param {string} title
 * @param {readonly (readonly (readonly [number, number])[])[]} series
 */
function panel(title, series) {
  const points = series.flat();
  const sizes = [...new Set(points.map(([size]) => size))].sort((a, b) => a - b);
  const maxX = Math.max(...sizes);
  const step = niceStep(Math.max(...points.map(([, seconds]) => seconds)));
  const maxY = Math.ceil(Math.max(...points.map(([, seconds]) => seconds)) / step) * step;
  const x = (/** @type {number} */ size) =>
    round(PANEL.left + (size / maxX) * (PANEL.width - PANEL.left - PANEL.right));
  const y = (/** @type {number} */ seconds) =>
    round(PANEL.height - PANEL.bottom - (seconds / maxY) * (PANEL.height - PANEL.top - PANEL.bottom));
  const grid = Array.from({ length: Math.round(maxY / step) + 1 }, (_, index) => {
    const at = y(index * step);
    return `<path d="M${PANEL.left} ${at}H${PANEL.width - PANEL.right}" stroke="#e5e7eb"/><text x="${PANEL.left - 6}" y="${at + 4}" text-anchor="end">${round(index * step)}</text>`;
  });
  // Sizes that lie close together would write over each other.
  const ticks = sizes
    .filter((size, index) => index === sizes.length - 1 || x(sizes[index + 1] ?? maxX) - x(size) > 22)
    .map(
      (size) =>
        `<text x="${x(size)}" y="${PANEL.height - PANEL.bottom + 16}" text-anchor="middle">${size}</text>`,
    );
  const lines = series.map((own, index) => {
    const { colour, dash } = LINES[index % LINES.length] ?? { colour: "#000", dash: "" };
    const path = own.map(([size, seconds], n) => `${n === 0 ? "M" : "L"}${x(size)} ${y(seconds)}`).join("");
    const dots = own.map(
      ([size, seconds]) => `<circle cx="${x(size)}" cy="${y(seconds)}" r="2.5" fill="${colour}"/>`,
    );
    return `<path d="${path}" fill="none" stroke="${colour}" stroke-dasharray="${dash}" stroke-width="2"/>${dots.join("")}`;
  });
  return [
    `<text x="${PANEL.left}" y="20" font-weight="600">${escaped(title)}: seconds by endpoints</text>`,
    ...grid,
    ...ticks,
    ...lines,
  ].join("");
}

/**
 * A step of 1, 2 or 5 times a power of ten that gives three to six of them.
 * @param {number} max
 */
function niceStep(max) {
  const rough = max / 5;
  const power = 10 ** Math.floor(Math.log10(rough));
  return ([1, 2, 5].find((one) => one * power >= rough) ?? 10) * power;
}

/** @param {number} value */
function round(value) {
  return Math.round(value * 100) / 100;
}

/** @param {string} text */
function escaped(text) {
  return text.replaceAll("&", "&amp;").replaceAll("<", "&lt;");
}

module.exports = { PARTS, chart, page, textTable };
