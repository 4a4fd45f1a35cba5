import { chart, page, textTable, type Report } from "../../scripts/bench/report.cjs";
import { difference, growth, median, ratio, slope, type Figure } from "../../scripts/bench/statistics.cjs";

const preview = (size: number, values: Figure["values"]): Figure => ({
  part: "preview",
  label: `${size} endpoints`,
  unit: "ms",
  against: "ratio",
  kind: "endpoint",
  size,
  values,
});

const report = (...figures: Figure[]): Report => ({
  contenders: [
    { id: "stub", title: "stub" },
    { id: "package", title: "pulumi-dingtalk" },
  ],
  conditions: { Node: "v20.19.0" },
  figures,
  remarks: ["One of them took too long."],
});

/** The cells of the row of a terminal table that begins with a label. */
function cellsOf(table: string, label: string): string[] | undefined {
  const rows = table.split("\n").map((line) => line.trim().split(/ {2,}/));
  return rows.find(([first]) => first === label);
}

test("a median is the value in the middle, or between the two in the middle, of the rounds that have one", () => {
  expect(median([9, 1, 5])).toBe(5);
  expect(median([10, 9, 1, null, 5])).toBe(7);
  expect(median([null])).toBeUndefined();
});

test("a ratio compares round with round, so that one slow round of both sides changes nothing", () => {
  expect(ratio([2, 20, 3], [1, 10, 1])).toBe(2);
  expect(ratio([2, null], [null, 10])).toBeUndefined();
  expect(ratio([2], [0])).toBeUndefined();
});

test("a difference compares round with round", () => {
  expect(difference([5, 105, 7], [1, 101, 2])).toBe(4);
});

test("a slope is that of the line that fits best", () => {
  expect(
    slope([
      [10, 120],
      [100, 300],
      [300, 700],
    ]),
  ).toBe(2);
  expect(
    slope([
      [0, 0],
      [1, 2],
      [2, 1],
    ]),
  ).toBe(0.5);
  expect(slope([[10, 120]])).toBeUndefined();
});

test("growth is the slope of each round that has a value at every size", () => {
  const small = preview(10, { stub: [100, 110], package: [200, 200] });
  const large = preview(20, { stub: [110, 130], package: [260, null] });
  expect(growth([small, large], "preview", "each")).toMatchObject({
    unit: "ms each",
    values: { stub: [1, 2], package: [6, null] },
  });
  expect(growth([small], "preview", "each")).toBeUndefined();
});

test("the table shows a ratio first and the time beside it, the floor its time only", () => {
  const table = textTable(report(preview(100, { stub: [1000, 1200], package: [1500, 1800] })));
  expect(cellsOf(table, "100 endpoints")).toEqual(["100 endpoints", "1.10 s", "1.50 × (1.65 s)"]);
});

test("the table shows differences with their sign, and calls without a comparison", () => {
  const table = textTable(
    report(
      {
        part: "process",
        label: "memory",
        unit: "MB",
        against: "difference",
        values: { stub: [60], package: [50] },
      },
      { part: "refresh", label: "calls", unit: "calls", against: "none", values: { package: [1019] } },
    ),
  );
  expect(cellsOf(table, "memory")).toEqual(["memory", "60 MB", "−10 MB (50 MB)"]);
  expect(cellsOf(table, "calls")).toEqual(["calls", "–", "1,019 calls"]);
});

test("what was measured in one of several rounds is marked", () => {
  const table = textTable(report(preview(100, { stub: [1000, 1000], package: [2000] })));
  expect(cellsOf(table, "100 endpoints")?.at(-1)).toBe("2.00 × (2.00 s) ¹");
  expect(table).toMatch(/¹ Measured in one round only/);
  expect(table).toMatch(/One of them took too long\.$/);
});

test("the page has the same figures, and names its chart", () => {
  const text = page(report(preview(100, { stub: [1000], package: [1500] })), "benchmark.svg");
  expect(text).toContain("| 100 endpoints | 1.00 s | 1.50 × (1.50 s) |");
  expect(text).toContain("](benchmark.svg)");
  expect(text).toContain("- Node: v20.19.0");
});

test("the chart has a panel for what was measured at two sizes, with a dot for each", () => {
  const one = preview(10, { stub: [1000], package: [1500] });
  expect(chart(report(one))).toBeUndefined();
  const drawn = chart(report(one, preview(100, { stub: [2000], package: [4000] }))) ?? "";
  expect(drawn.match(/<circle/g)).toHaveLength(4);
  expect(drawn).toContain("No-op preview");
  // What is no number draws nothing.
  expect(drawn).not.toMatch(/NaN|undefined|Infinity/);
});
