import type { Described } from "./journal";

/** A fault on the way of a request or its answer; every cloud knows these. */
export type TransportFault =
  /** The connection breaks and nothing was done. */
  | { readonly kind: "dropBeforeCommit" }
  /** The work is done and the answer is lost. */
  | { readonly kind: "dropAfterCommit" }
  /**
   * Another status instead of the answer. Without a body: the text of a rate limiter for 429, the HTML page of a
   * servlet container for 500, of a proxy for 502, 503 and 504. `committed`: the work was done nevertheless.
   */
  | {
      readonly kind: "status";
      readonly status: number;
      readonly body?: string;
      readonly headers?: Readonly<Record<string, string>>;
      readonly committed?: boolean;
    }
  /** The answer comes late, in real milliseconds; without `ms` it never comes. `committed` (true by default): the work is done first. */
  | { readonly kind: "slow"; readonly ms?: number; readonly committed?: boolean }
  /** The answer stops after so many bytes (half of them by default), then the connection breaks. */
  | { readonly kind: "truncated"; readonly bytes?: number }
  /** A redirect (302 unless said otherwise); nothing was done. */
  | { readonly kind: "redirect"; readonly location: string; readonly status?: number };

/** What a callback of a rule is told. */
export interface FaultContext {
  readonly request: Described & { readonly method: string };
  /** How often the rule fired, this time included. */
  readonly fired: number;
}

/** Runs inside of the emulator's process while a request is under way; good for a concurrent writer. */
export type FaultCallback = (context: FaultContext) => void | Promise<void>;

/** When a fault is played. Everything that is given must match. */
export interface FaultRule<Extra extends { readonly kind: string } = never> {
  /** The vendor's action name, or several. */
  readonly operation?: string | readonly string[];
  readonly method?: string;
  /** The path begins with this text, or matches this expression. */
  readonly path?: string | RegExp;
  /** Fires so often at most; 1 by default, `"always"` by default when `every` is given. */
  readonly times?: number | "always";
  /** Fires on every nth match only. */
  readonly every?: number;
  /** Lets the first n matches pass. */
  readonly after?: number;
  /** What goes wrong; a rule with callbacks only lets the request through. */
  readonly fault?: TransportFault | Extra;
  /** Runs before the work. */
  readonly before?: FaultCallback;
  /** Runs after the work and before the answer is sent. */
  readonly then?: FaultCallback;
}

/** A rule in force. */
export interface FaultHandle {
  readonly id: number;
  /** How often it fired. */
  readonly fired: number;
  /** How many requests matched it, fired or not. */
  readonly seen: number;
  remove(): void;
}

/** What was drawn for one request. */
export interface Drawn<Extra extends { readonly kind: string }> {
  readonly fault: TransportFault | Extra | undefined;
  before(): Promise<void>;
  then(): Promise<void>;
}

interface Entry<Extra extends { readonly kind: string }> {
  readonly id: number;
  readonly rule: FaultRule<Extra>;
  seen: number;
  fired: number;
}

/**
 * The faults of one cloud or site. Rules are asked in the order they were added; the first whose turn it is and that
 * has a fault ends the search, so later rules do not count that request. Rules with callbacks only never end it.
 */
export class Faults<Extra extends { readonly kind: string } = never> {
  #entries: Entry<Extra>[] = [];
  #lastId = 0;
  readonly #kinds: ReadonlySet<string>;

  /** @param extraKinds kinds of faults that the cloud plays itself. */
  constructor(extraKinds: readonly Extra["kind"][] = []) {
    this.#kinds = new Set<string>([...TRANSPORT_KINDS, ...extraKinds]);
  }

  /** Puts a rule in force. Throws on members and kinds that do not exist. */
  add(rule: FaultRule<Extra>): FaultHandle {
    for (const name of Object.keys(rule)) {
      if (!RULE_MEMBERS.has(name))
        throw new RangeError(`a fault rule has no ${name}; known: ${[...RULE_MEMBERS].join(", ")}`);
    }
    if (rule.fault !== undefined && !this.#kinds.has(rule.fault.kind)) {
      throw new RangeError(`no fault of kind ${rule.fault.kind}; known: ${[...this.#kinds].join(", ")}`);
    }
    for (const [name, value] of Object.entries({ times: rule.times, every: rule.every, after: rule.after })) {
      const min = name === "after" ? 0 : 1;
      if (typeof value === "number" && !(Number.isInteger(value) && value >= min)) {
        throw new RangeError(`${name} must be an integer of at least ${String(min)}`);
      }
    }
    this.#lastId += 1;
    const entry: Entry<Extra> = { id: this.#lastId, rule, seen: 0, fired: 0 };
    this.#entries.push(entry);
    const remove = (): void => this.remove(entry.id);
    return {
      id: entry.id,
      get fired() {
        return entry.fired;
      },
      get seen() {
        return entry.seen;
      },
      remove,
    };
  }

  /** Takes a rule out of force. */
  remove(id: number): void {
    this.#entries = this.#entries.filter((entry) => entry.id !== id);
  }

  /** Takes all rules out of force. */
  clear(): void {
    this.#entries = [];
  }

  /** The rules in force, with their counters. */
  list(): { id: number; rule: FaultRule<Extra>; seen: number; fired: number }[] {
    return this.#entries.map((entry) => ({ ...entry }));
  }

  /** What happens to this request; counts it. */
  draw(request: Described & { readonly method: string }): Drawn<Extra> {
    const due: { rule: FaultRule<Extra>; context: FaultContext }[] = [];
    let fault: TransportFault | Extra | undefined;
    for (const entry of this.#entries) {
      if (!matches(entry.rule, request)) continue;
      entry.seen += 1;
      if (!isDue(entry)) continue;
      entry.fired += 1;
      due.push({ rule: entry.rule, context: { request, fired: entry.fired } });
      if (entry.rule.fault !== undefined) {
        fault = entry.rule.fault;
        break;
      }
    }
    return {
      fault,
      before: async () => {
        for (const { rule, context } of due) await rule.before?.(context);
      },
      then: async () => {
        for (const { rule, context } of due) await rule.then?.(context);
      },
    };
  }
}

/** The kinds of {@link TransportFault}. */
const TRANSPORT_KINDS: readonly TransportFault["kind"][] = [
  "dropBeforeCommit",
  "dropAfterCommit",
  "status",
  "slow",
  "truncated",
  "redirect",
];

const RULE_MEMBERS: ReadonlySet<string> = new Set<keyof FaultRule>([
  "operation",
  "method",
  "path",
  "times",
  "every",
  "after",
  "fault",
  "before",
  "then",
]);

/** True for a fault that the frame plays itself. */
export function isTransportFault(fault: { kind: string } | undefined): fault is TransportFault {
  return fault !== undefined && (TRANSPORT_KINDS as readonly string[]).includes(fault.kind);
}

function matches(
  rule: FaultRule<{ kind: string }>,
  request: Described & { readonly method: string },
): boolean {
  const { operation, method, path } = rule;
  if (operation !== undefined) {
    const wanted = typeof operation === "string" ? [operation] : operation;
    if (request.operation === undefined || !wanted.includes(request.operation)) return false;
  }
  if (method !== undefined && method.toUpperCase() !== request.method) return false;
  if (typeof path === "string") return request.path.startsWith(path);
  return path === undefined || path.test(request.path);
}

function isDue(entry: { rule: FaultRule<{ kind: string }>; seen: number; fired: number }): boolean {
  const { after = 0, every, times = every === undefined ? 1 : "always" } = entry.rule;
  const turn = entry.seen - after;
  if (turn < 1 || (times !== "always" && entry.fired >= times)) return false;
  return every === undefined || turn % every === 0;
}
