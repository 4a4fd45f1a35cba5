// @ts-check
"use strict";

const fs = require("node:fs");

/** Counts tests for `npm test`. A suite that fails outside its tests (it does not load, a hook fails) is one failure at least. */
module.exports = class CountReporter {
  /**
   * @param {unknown} _config
   * @param {{ file: string }} options
   */
  constructor(_config, options) {
    this.file = options.file;
  }

  /**
   * @param {unknown} _contexts
   * @param {{ numPassedTests: number, testResults: { numFailingTests: number, failureMessage?: string | null }[] }} results
   */
  onRunComplete(_contexts, results) {
    let failed = 0;
    for (const suite of results.testResults) {
      failed += suite.failureMessage ? Math.max(suite.numFailingTests, 1) : suite.numFailingTests;
    }
    fs.writeFileSync(this.file, JSON.stringify({ passed: results.numPassedTests, failed }));
  }
};
