// @ts-check
// Medians, ratios and slopes of measured figures. CommonJS, because both the script (an ES module) and its test (jest) load it.

"use strict";

/**
 * One thing that was measured, for every contender that was measured for it.
 *
 * @typedef {object} Figure
 * @property {string} part the part of the benchmark, such as `preview`
 * @property {string} label what was measured, such as `100 endpoints`
 * @property {"ms" | "ms each" | "calls" | "bytes" | "MB"} unit
 * @property {"ratio" | "difference" | "none"} against how it is compared with the floor
 * @property {string} [kind] the kind of resources
 * @property {number} [size] how many of them
 * @property {Record<string, (number | null)[]>} values by contender, one for each round; `null` where a round has none, as JSON has it
 */

/**
 * @param {readonly (number | null)[]} values
 * @returns {number | undefined}
 */
function median(values) {
  const sorted = values.filter((value) => value !== null).sort((a, b) => a - b);
  const middle = sorted.length / 2;
  const upper = sorted[Math.floor(middle)];
  const lower = sorted[Math.ceil(middle) - 1];
  return upper === undefined || lower === undefined ? undefined : (lower + upper) / 2;
}

/**
 * The median of the ratios of each round: what slows a machine down for a while slows down both sides of one.
 * @param {readonly (number | null)[]} values
 * @param {readonly (number | null)[]} floor
 * @returns {number | undefined}
 */
function ratio(values, floor) {
  return median(pairs(values, floor).map(([value, below]) => (below > 0 ? value / below : null)));
}

/**
 * The same for differences.
 * @param {readonly (number | null)[]} values
 * @param {readonly (number | null)[]} floor
 * @returns {number | undefined}
 */
function difference(values, floor) {
  return median(pairs(values, floor).map(([value, below]) => value - below));
}

/**
 * @param {readonly (number | null)[]} values
 * @param {readonly (number | null)[]} floor
 */
function pairs(values, floor) {
  return values.flatMap((value, round) => {
    const below = floor[round] ?? null;
    return value === null || below === null ? [] : [/** @type {const} */ ([value, below])];
  });
}

/**
 * How fast values grow: the slope of the straight line that fits best.
 * @param {readonly (readonly [x: number, y: number])[]} points
 * @returns {number | undefined} nothing for fewer than two places
 */
function slope(points) {
  const mean = (/** @type {number[]} */ all) => all.reduce((sum, one) => sum + one, 0) / all.length;
  const meanX = mean(points.map(([x]) => x));
  const meanY = mean(points.map(([, y]) => y));
  const spread = points.reduce((sum, [x]) => sum + (x - meanX) ** 2, 0);
  return spread > 0 ? points.reduce((sum, [x, y]) => sum + (x - meanX) * (y - meanY), 0) / spread : undefined;
}

/**
 * What the figures of several sizes grow by with each resource, round by round.
 * @param {readonly Figure[]} figures of one part and kind
 * @param {string} part the part of the new figure
 * @param {string} label
 * @returns {Figure | undefined} nothing where there is one size only
 */
function growth(figures, part, label) {
  /** @type {Figure["values"]} */
  const values = {};
  for (const contender of new Set(figures.flatMap((figure) => Object.keys(figure.values)))) {
    const rounds = Math.max(...figures.map((figure) => figure.values[contender]?.length ?? 0));
    const slopes = Array.from({ length: rounds }, (_, round) => {
      const points = figures.map(({ size = null, values: all }) => [size, all[contender]?.[round] ?? null]);
      // A line through other sizes than the floor's would not be comparable with it.
      return points.every((point) => point.every((value) => value !== null))
        ? (slope(/** @type {[number, number][]} */ (points)) ?? null)
        : null;
    });
    if (slopes.some((one) => one !== null)) {
      values[contender] = slopes;
    }
  }
  return Object.keys(values).length === 0
    ? undefined
    : { part, label, unit: "ms each", against: "ratio", values };
}

module.exports = { median, ratio, difference, slope, growth };
