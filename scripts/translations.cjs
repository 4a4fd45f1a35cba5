// @ts-check
// The Chinese words of what is generated into docs/zh: JSON that maps each English text to a Chinese one.
// CommonJS, because both the scripts (ES modules) and the tests (jest) load it.

"use strict";

/** Where the Chinese words stand, below the root. */
const CHINESE = "docs/zh/translations.json";

/** Says texts in another language, and keeps account of what was asked for. */
class Words {
  /** @param {Readonly<Record<string, string>>} [table] English to other words; without one everything stays English */
  constructor(table) {
    this.table = table;
    /** @type {Set<string>} */
    this.asked = new Set();
  }

  /**
   * @param {string} english
   * @returns {string}
   */
  of(english) {
    this.asked.add(english);
    return this.table?.[english] ?? english;
  }

  /**
   * What is missing in the table, and what in it nobody asks for any more: a changed comment gives one of each.
   * @returns {string[]}
   */
  complaints() {
    const { table } = this;
    if (table === undefined) {
      return [];
    }
    const missing = [...this.asked].filter((text) => (table[text] ?? "") === "");
    const stale = Object.keys(table).filter((text) => !this.asked.has(text));
    return [
      ...missing.map((text) => `  missing: ${JSON.stringify(text)}`),
      ...stale.map((text) => `  stale:   ${JSON.stringify(text)}`),
    ];
  }
}

module.exports = { CHINESE, Words };
