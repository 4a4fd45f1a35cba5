// @ts-check
// What is measured, in which order: every contender takes its turn before the next round begins.

import { duration, say } from "../processes.mjs";
import { TookTooLong } from "./laboratory.mjs";
import { growth } from "./statistics.cjs";

/** @typedef {import("./laboratory.mjs").Laboratory} Laboratory */
/** @typedef {import("./laboratory.mjs").Operated} Operated */
/** @typedef {import("./laboratory.mjs").Stack} Stack */
/** @typedef {import("./programs.mjs").Kind} Kind */
/** @typedef {import("./statistics.cjs").Figure} Figure */

/**
 * @typedef {object} Plan
 * @property {ReadonlySet<string>} parts
 * @property {readonly number[]} sizes in ascending order
 * @property {number} rounds
 * @property {boolean} large whether also what takes very long is measured
 */

/** What took longer is measured once: a change, and what only looks. */
const LONG_CHANGE_MS = 20_000;
const LONG_LOOK_MS = 60_000;
/** A client that sleeps a second for each job takes as long for each of three hundred as for each of a hundred. */
const MOST_SLEPT_FOR = 100;
/** More resources of the kinds besides endpoints tell nothing new. */
const MOST_OF_OTHER_KINDS = 100;
/** Short measurements can be repeated more often. */
const SHORT_ROUNDS_EACH = 3;
/** So many are declared in a program that is measured alone, whatever the sizes of the stacks. */
const DECLARED = 300;

/** Collects figures, each of which gets its values one by one. */
export class Notebook {
  constructor() {
    /** @type {Figure[]} */
    this.figures = [];
    /** What was called in the last round, by figure and contender. */
    /** @type {Record<string, Record<string, Record<string, number>>>} */
    this.operations = {};
    /** What went otherwise than planned, in sentences. */
    /** @type {string[]} */
    this.remarks = [];
  }

  /**
   * @param {Omit<Figure, "values">} what
   * @param {string} contender
   * @param {number} round
   * @param {number | undefined} value
   */
  note(what, contender, round, value) {
    if (value === undefined) {
      return;
    }
    let figure = this.figures.find(
      ({ part, label, unit }) => part === what.part && label === what.label && unit === what.unit,
    );
    if (figure === undefined) {
      figure = { ...what, values: {} };
      this.figures.push(figure);
    }
    const values = (figure.values[contender] ??= []);
    while (values.length < round) {
      values.push(null);
    }
    values[round] = value;
  }
}

/** One stack of each contender, all with so many resources of one kind. */
class Trial {
  /**
   * @param {Laboratory} laboratory
   * @param {Stack} stack
   * @param {{ kind: Kind, size: number, parts: ReadonlySet<string> }} what
   * @param {Plan} plan
   * @param {Notebook} notebook
   */
  constructor(laboratory, stack, { kind, size, parts }, plan, notebook) {
    this.contender = laboratory.contender;
    this.isClient = laboratory.emulator !== undefined;
    this.stack = stack;
    this.kind = kind;
    this.size = size;
    this.parts = parts;
    this.plan = plan;
    this.notebook = notebook;
    this.isThere = false;
    const tooLong = this.contender.id === "plain" && size > MOST_SLEPT_FOR && !plan.large;
    this.changesAreMeasured = (parts.has("create") || parts.has("destroy")) && !tooLong;
    /** What took long and need not be measured again. */
    /** @type {Set<string>} */
    this.long = new Set();
    this.isOut = false;
  }

  get noun() {
    return `${this.size} ${this.kind}s`;
  }

  /** How the engine makes haste with what is not measured. */
  get allAtOnce() {
    return ["--parallel", String(Math.max(this.size, 10))];
  }

  /**
   * @param {"create" | "preview" | "refresh" | "destroy"} name
   * @param {number} round
   * @returns {Promise<number | undefined>} the milliseconds it took; nothing where there was nothing to do
   */
  async step(name, round) {
    if (this.isOut) {
      return undefined;
    }
    try {
      return await this[name](round);
    } catch (error) {
      if (!(error instanceof TookTooLong)) {
        throw error;
      }
      // Its stack is in no state that anything else could be measured in.
      this.isOut = true;
      const remark = `${error.message} with ${this.noun}, and was measured no further there.`;
      this.notebook.remarks.push(remark);
      say(remark);
      return undefined;
    }
  }

  /** @param {number} round */
  async create(round) {
    if (this.isThere) {
      return undefined;
    }
    const isMeasured = this.changesAreMeasured && this.parts.has("create");
    const ended = await this.stack.up(isMeasured ? [] : this.allAtOnce);
    this.isThere = true;
    if (isMeasured) {
      this.noteOperation("create", ended, round);
    }
    if (round === 0 && this.parts.has("state")) {
      const what = /** @type {const} */ ({
        part: "state",
        label: this.kind,
        unit: "bytes",
        against: "ratio",
      });
      this.notebook.note(what, this.contender.id, round, await this.stack.bytesEach());
    }
    return ended.ms;
  }

  /** @param {number} round */
  async preview(round) {
    return this.look("preview", () => this.stack.preview(), round);
  }

  /** @param {number} round */
  async refresh(round) {
    return this.look("refresh", () => this.stack.refresh(), round);
  }

  /** @param {number} round */
  async destroy(round) {
    const isLast = round === this.plan.rounds - 1;
    const isLong = this.long.has("create") || this.long.has("destroy");
    if (!this.changesAreMeasured || (isLong && !isLast) || (isLast && !this.parts.has("destroy"))) {
      return undefined;
    }
    const isMeasured = this.parts.has("destroy");
    const ended = await this.stack.destroy(isMeasured ? [] : this.allAtOnce);
    this.isThere = false;
    if (isMeasured) {
      this.noteOperation("destroy", ended, round);
    }
    return ended.ms;
  }

  /**
   * @param {"preview" | "refresh"} part
   * @param {() => Promise<Operated>} operation
   * @param {number} round
   */
  async look(part, operation, round) {
    const isForMemory = this.parts.has("process") && this.size === this.plan.sizes.at(-1);
    if ((!this.parts.has(part) && !isForMemory) || this.long.has(part)) {
      return undefined;
    }
    const ended = await operation();
    if (this.parts.has(part)) {
      this.noteOperation(part, ended, round);
    }
    if (isForMemory) {
      const label = `memory, ${part} of ${this.noun}`;
      const what = /** @type {const} */ ({ part: "process", label, unit: "MB", against: "difference" });
      this.notebook.note(what, this.contender.id, round, ended.peakMb);
    }
    return ended.ms;
  }

  /**
   * @param {string} part
   * @param {Operated} ended
   * @param {number} round
   */
  noteOperation(part, { ms, calls }, round) {
    const { notebook, kind, size, noun: label } = this;
    const { id } = this.contender;
    if (ms > (part === "create" || part === "destroy" ? LONG_CHANGE_MS : LONG_LOOK_MS)) {
      this.long.add(part);
    }
    notebook.note({ part, label, unit: "ms", against: "ratio", kind, size }, id, round, ms);
    if (part !== "preview" && this.isClient) {
      const count = Object.values(calls).reduce((sum, one) => sum + one, 0);
      const what = /** @type {const} */ ({ part, unit: "calls", against: "none", kind, size });
      notebook.note({ ...what, label: `${label}, calls` }, id, round, count);
      (notebook.operations[`${part}, ${label}`] ??= {})[id] = calls;
    }
  }
}

/**
 * Everything that needs the engine.
 * @param {readonly Laboratory[]} laboratories
 * @param {Plan} plan
 * @param {Notebook} notebook
 */
export async function measureStacks(laboratories, plan, notebook) {
  for (const what of trialsOf(plan)) {
    /** @type {Trial[]} */
    const trials = [];
    for (const laboratory of laboratories) {
      const stack = await laboratory.stack(what.kind, what.size);
      trials.push(new Trial(laboratory, stack, what, plan, notebook));
    }
    for (let round = 0; round < plan.rounds; round++) {
      for (const step of /** @type {const} */ (["create", "preview", "refresh", "destroy"])) {
        const shown = step === "create" && !what.parts.has(step) ? "prepare" : step;
        await inTurn(`${shown}, ${what.size} ${what.kind}s`, round, plan, trials, (trial) =>
          trial.step(step, round),
        );
      }
    }
  }
  const previews = notebook.figures.filter(({ part }) => part === "preview");
  const slope = growth(previews, "preview", "each further endpoint");
  if (slope !== undefined) {
    notebook.figures.push(slope);
  }
}

/**
 * @param {Plan} plan
 * @returns {{ kind: Kind, size: number, parts: ReadonlySet<string> }[]}
 */
function trialsOf({ parts, sizes, large }) {
  const ofEndpoints = ["preview", "create", "refresh", "destroy"].filter((part) => parts.has(part));
  const largest = sizes.at(-1) ?? 0;
  const others = large ? largest : Math.min(largest, MOST_OF_OTHER_KINDS);
  return [
    ...sizes.flatMap((size) => {
      const own = [
        ...ofEndpoints,
        ...["state", "process"].filter((part) => parts.has(part) && size === largest),
      ];
      return own.length === 0 ? [] : [{ kind: /** @type {const} */ ("endpoint"), size, parts: new Set(own) }];
    }),
    ...(parts.has("refresh")
      ? /** @type {const} */ (["robot", "subscription"]).map((kind) => ({
          kind,
          size: others,
          parts: new Set(["refresh", "state"].filter((part) => parts.has(part))),
        }))
      : []),
  ];
}

/**
 * What a program pays before the engine sees anything, and how long the provider process takes to be ready.
 * @param {readonly Laboratory[]} laboratories
 * @param {Plan} plan
 * @param {Notebook} notebook
 */
export async function measureProcesses(laboratories, plan, notebook) {
  const rounds = plan.rounds * SHORT_ROUNDS_EACH;
  for (let round = 0; round < rounds; round++) {
    await inTurn("program and process", round, { rounds }, laboratories, async (laboratory) => {
      const { id } = laboratory.contender;
      const { loadMs, eachMs, inputs } = await laboratory.programSide(DECLARED);
      if (plan.parts.has("program")) {
        const program = /** @type {const} */ ({ part: "program", against: "difference" });
        notebook.note({ ...program, label: "loading, beyond Pulumi", unit: "ms" }, id, round, loadMs);
        notebook.note(
          { ...program, label: `each of ${DECLARED} endpoints declared`, unit: "ms each" },
          id,
          round,
          eachMs,
        );
      }
      if (!plan.parts.has("process")) {
        return loadMs;
      }
      const readyMs = await laboratory.processStart(inputs);
      const what = /** @type {const} */ ({ part: "process", label: "from start to ready", unit: "ms" });
      notebook.note({ ...what, against: "difference" }, id, round, readyMs);
      return readyMs;
    });
  }
}

/**
 * @template {Trial | Laboratory} T
 * @param {string} what
 * @param {number} round
 * @param {{ rounds: number }} plan
 * @param {readonly T[]} contenders
 * @param {(contender: T) => Promise<number | undefined>} work gives the milliseconds to show
 */
async function inTurn(what, round, { rounds }, contenders, work) {
  /** @type {string[]} */
  const shown = [];
  for (const contender of contenders) {
    const ms = await work(contender);
    if (ms !== undefined) {
      shown.push(`${contender.contender.title} ${duration(ms)}`);
    }
  }
  if (shown.length > 0) {
    say(`${what}, round ${round + 1} of ${rounds}: ${shown.join(", ")}`);
  }
}
