// @ts-check
// Loaded into provider processes: no test waits for a retry or a poll, because every wait is so many times shorter. Time goes by only
// where somebody waits, so that what depends on the age of something is the same in every run.
// It reaches what waits through the clock of provider/core; the limits of HTTP calls and the end of the process keep real time.

"use strict";

const timers = require("node:timers/promises");

const SPEED = 20;
const realDelay = timers.setTimeout;
let nowMs = Date.now();

Date.now = () => nowMs;
timers.setTimeout = async (ms, ...rest) => {
  const wakesMs = nowMs + (ms ?? 0);
  const value = await realDelay((ms ?? 0) / SPEED, ...rest);
  nowMs = Math.max(nowMs, wakesMs);
  return value;
};
