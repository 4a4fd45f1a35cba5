// @ts-check
// Loaded into provider processes: their clock runs so many times faster, so that no test waits for a retry or a poll.
// It reaches what waits through the clock of provider/core; the limits of HTTP calls and the end of the process keep real time.

"use strict";

const timers = require("node:timers/promises");

const SPEED = 20;
const startedMs = Date.now();
const realNow = Date.now;
const realDelay = timers.setTimeout;

Date.now = () => startedMs + (realNow() - startedMs) * SPEED;
timers.setTimeout = (ms, ...rest) => realDelay((ms ?? 0) / SPEED, ...rest);
