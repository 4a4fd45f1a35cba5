import type { Described } from "./journal";
import {
  choice,
  either,
  flag,
  type Form,
  InputError,
  integer,
  nameOf,
  list,
  object,
  other,
  record,
  text,
  type Value,
  variants,
} from "./value";

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
  /** What a rule may say. */
  readonly rule: Value<FaultRule<Extra>>;
  private entries: Entry<Extra>[] = [];
  private lastId = 0;

  /**
   * @param operations the names that a rule may have for its operation
   * @param extra faults that the cloud plays itself
   */
  constructor(operations: readonly string[], extra: FaultForms<Extra>) {
    this.rule = ruleOf(operations, extra);
  }

  /**
   * Puts a rule in force.
   * @throws InputError for members, operations and faults that do not exist, and for a rule that does nothing
   */
  add(rule: FaultRule<Extra>): FaultHandle {
    this.rule.check(rule, "The fault rule");
    if (rule.fault === undefined && rule.before === undefined && rule.then === undefined) {
      throw new InputError(
        "fault: is missing. A rule without a fault (or a callback, in TypeScript) does nothing.",
      );
    }
    if (Array.isArray(rule.operation) && rule.operation.length === 0) {
      throw new InputError("operation: an empty list fits no request. Leave it out for all of them.");
    }
    this.lastId += 1;
    const entry: Entry<Extra> = { id: this.lastId, rule, seen: 0, fired: 0 };
    this.entries.push(entry);
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
    this.entries = this.entries.filter((entry) => entry.id !== id);
  }

  /** Takes all rules out of force. */
  clear(): void {
    this.entries = [];
  }

  /** The rules in force, with their counters. */
  list(): { id: number; rule: FaultRule<Extra>; seen: number; fired: number }[] {
    return this.entries.map((entry) => ({ ...entry }));
  }

  /** What happens to this request; counts it. */
  draw(request: Described & { readonly method: string }): Drawn<Extra> {
    const due: { rule: FaultRule<Extra>; context: FaultContext }[] = [];
    let fault: TransportFault | Extra | undefined;
    for (const entry of this.entries) {
      if (!matches(entry.rule, request)) {
        continue;
      }
      entry.seen += 1;
      if (!isDue(entry)) {
        continue;
      }
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
        for (const { rule, context } of due) {
          await rule.before?.(context);
        }
      },
      then: async () => {
        for (const { rule, context } of due) {
          await rule.then?.(context);
        }
      },
    };
  }
}

/** What each kind of fault means, and its members. */
export type FaultForms<Fault extends { readonly kind: string }> = {
  readonly [K in Fault["kind"]]: Form<Extract<Fault, { readonly kind: K }>>;
};

const METHODS = ["GET", "HEAD", "POST", "PUT", "PATCH", "DELETE", "OPTIONS"];
/** What Node can send for a header. */
const HEADER_NAME = /^[!#$%&'*+.^`|~\w-]+$/;
const HEADER_VALUE = /^[\t\x20-\x7e\x80-\xff]*$/;
const HEADER_TEXT = "text without control characters";

const COMMITTED = "Whether the work is done nevertheless";

/** Faults that every cloud knows. */
const TRANSPORT_FAULTS: FaultForms<TransportFault> = {
  dropBeforeCommit: { meaning: "The connection breaks and nothing was done.", members: {} },
  dropAfterCommit: { meaning: "The work is done and the answer is lost.", members: {} },
  status: {
    meaning:
      "Another status instead of the answer, with the body that a rate limiter, a servlet container or a proxy would send.",
    members: {
      status: integer("The HTTP status.", 200, 599),
      body: text("Another body.").optional(),
      headers: record(
        "Headers; without a body, those of the usual body.",
        text("", HEADER_VALUE, HEADER_TEXT),
        HEADER_NAME,
      ).optional(),
      committed: flag(`${COMMITTED}; false by default.`).optional(),
    },
  },
  slow: {
    meaning: "The answer comes late.",
    members: {
      ms: integer("Real milliseconds; without it the answer never comes.", 0, 2 ** 31 - 1).optional(),
      committed: flag("Whether the work is done first; true by default.").optional(),
    },
  },
  truncated: {
    meaning: "The answer stops in the middle, then the connection breaks.",
    members: { bytes: integer("Bytes of the body that are sent; half of them by default.", 0).optional() },
  },
  redirect: {
    meaning: "A redirect; nothing was done.",
    members: {
      location: text("Where to.", HEADER_VALUE, HEADER_TEXT),
      status: integer("The HTTP status; 302 by default.", 300, 399).optional(),
    },
  },
};

const TRANSPORT_KINDS: ReadonlySet<string> = new Set(Object.keys(TRANSPORT_FAULTS));

/** True for a fault that the frame plays itself. */
export function isTransportFault(fault: { kind: string } | undefined): fault is TransportFault {
  return fault !== undefined && TRANSPORT_KINDS.has(fault.kind);
}

function ruleOf<Extra extends { readonly kind: string }>(
  operations: readonly string[],
  extra: FaultForms<Extra>,
): Value<FaultRule<Extra>> {
  const operation = nameOf("", "name of an operation", operations);
  const callback = (meaning: string): Value<FaultCallback> =>
    other(meaning, "function (in TypeScript only)", (value) => typeof value === "function");
  const forms = { ...TRANSPORT_FAULTS, ...extra } as unknown as FaultForms<TransportFault | Extra>;
  return object<FaultRule<Extra>>(
    "When something goes wrong, and what. Everything that is given must match.",
    {
      operation: either<string | readonly string[]>(
        "The vendor's action name, or several.",
        operation,
        list("", operation),
      ).optional(),
      method: other<string>("The HTTP method.", METHODS.join(" | "), (value) =>
        METHODS.includes(String(value).toUpperCase()),
      ).optional(),
      path: other<string | RegExp>(
        "The path begins with this text; in TypeScript also an expression that it matches.",
        "text beginning with /",
        (value) => value instanceof RegExp || (typeof value === "string" && value.startsWith("/")),
      ).optional(),
      times: either<number | "always">(
        'Fires so often at most; 1 by default, "always" by default when `every` is given.',
        integer("", 1),
        choice("", ["always"]),
      ).optional(),
      every: integer("Fires on every nth match only.", 1).optional(),
      after: integer("Lets the first n matches pass.", 0).optional(),
      fault: variants<TransportFault | Extra>("What goes wrong.", forms).optional(),
      before: callback("Runs before the work.").optional(),
      then: callback("Runs after the work and before the answer is sent.").optional(),
    },
    "member of a fault rule",
  );
}

function matches(
  rule: FaultRule<{ kind: string }>,
  request: Described & { readonly method: string },
): boolean {
  const { operation, method, path } = rule;
  if (operation !== undefined) {
    const wanted = typeof operation === "string" ? [operation] : operation;
    if (request.operation === undefined || !wanted.includes(request.operation)) {
      return false;
    }
  }
  if (method !== undefined && method.toUpperCase() !== request.method) {
    return false;
  }
  if (typeof path === "string") {
    return request.path.startsWith(path);
  }
  return path === undefined || path.test(request.path);
}

function isDue(entry: { rule: FaultRule<{ kind: string }>; seen: number; fired: number }): boolean {
  const { after = 0, every, times = every === undefined ? 1 : "always" } = entry.rule;
  const turn = entry.seen - after;
  if (turn < 1 || (times !== "always" && entry.fired >= times)) {
    return false;
  }
  return every === undefined || turn % every === 0;
}
