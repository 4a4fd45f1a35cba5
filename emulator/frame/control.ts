import { type Clock, type Moment, MOMENT_WORDS, momentMs } from "./clock";
import { header, jsonReply, type WireReply, type WireRequest } from "./exchange";
import type { Faults } from "./faults";
import type { Journal, JournalFilter } from "./journal";
import type { ControlTable, Site } from "./site";
import { flag, noSuch, number, object, other, partial, text, type Value } from "./value";

/** Everything below this path belongs to the emulator, never to a vendor. */
export const CONTROL_PREFIX = "/_emulator";

/** What the control address can reach. */
export interface Controlled {
  readonly sites: readonly Site[];
  readonly journal: Journal;
  readonly clock: Clock;
  reset(): void;
  /** What `GET /_emulator/reference` answers. */
  reference(): unknown;
}

type Input = Readonly<Record<string, unknown>>;

class ControlFailure extends Error {
  readonly status: number;
  constructor(status: number, message: string) {
    super(message);
    this.status = status;
  }
}

/** What the clock may be told. Several at once are done in this order: run on, set, advance, stop. */
const CLOCK = partial<{ set: Moment; advanceMs: number; frozen: boolean }>(
  "Sets the clock.",
  {
    set: other(
      "Jumps to a moment.",
      MOMENT_WORDS,
      (value) => (typeof value === "number" || typeof value === "string") && momentMs(value) !== undefined,
    ),
    advanceMs: number("Moves by so many milliseconds; a negative number moves back."),
    frozen: flag("true stops time, false lets it run on from where it stands."),
  },
  "member for the clock",
);

/** What the journal can be filtered by, in the query. */
const JOURNAL_FILTER = partial<JournalFilter & Record<keyof JournalFilter, unknown>>(
  "Which requests are shown.",
  {
    operation: text("The vendor's action name."),
    method: text("The HTTP method."),
    site: text("The site that received it."),
    changing: flag("Whether it changes objects, or is seen by people."),
  },
  "filter of the journal",
);

const NOTHING = object<object>("", {}, "parameter here");

/** Everything that can be asked of the control address; `<site>`, `<kind>` and so on stand for a name. */
export const CONTROL_ROUTES: readonly ControlRoute[] = [
  {
    route: "GET /_emulator/",
    does: "Overview: sites, what a client sets in its environment, how much there is of what.",
  },
  { route: "GET /_emulator/reference", does: "All that is on this page, as JSON." },
  { route: "POST /_emulator/reset", does: "Everything is as at the start; only ids go on." },
  { route: "GET /_emulator/clock", does: "The time." },
  { route: "PUT /_emulator/clock", does: "Sets, moves, stops the clock.", body: CLOCK },
  { route: "GET /_emulator/journal", does: "The requests seen, oldest first.", query: JOURNAL_FILTER },
  { route: "DELETE /_emulator/journal", does: "Forgets them." },
  { route: "GET /_emulator/<site>/switches", does: "The switches: values, and what each means." },
  { route: "PUT /_emulator/<site>/switches", does: "Sets some; all of them or none." },
  { route: "GET /_emulator/<site>/faults", does: "The fault rules in force, with their counters." },
  { route: "POST /_emulator/<site>/faults", does: "Puts a rule in force." },
  { route: "DELETE /_emulator/<site>/faults", does: "Takes all rules out of force." },
  { route: "DELETE /_emulator/<site>/faults/<id>", does: "Takes one out of force." },
  { route: "GET /_emulator/<site>/objects", does: "The kinds of objects." },
  {
    route: "GET /_emulator/<site>/objects/<kind>",
    does: "All of a kind; with `?member=value`, those that have it.",
  },
  {
    route: "POST /_emulator/<site>/objects/<kind>",
    does: "Adds one; members that are left out get sensible values.",
  },
  { route: "GET /_emulator/<site>/objects/<kind>/<key>", does: "One object." },
  { route: "PUT /_emulator/<site>/objects/<kind>/<key>", does: "Changes members; null takes one away." },
  { route: "DELETE /_emulator/<site>/objects/<kind>/<key>", does: "Removes it, with what hangs on it." },
  { route: "POST /_emulator/<site>/actions/<action>", does: "Does something." },
];

/** One line of the control address. */
export interface ControlRoute {
  readonly route: string;
  readonly does: string;
  readonly body?: Value<object>;
  readonly query?: Value<object>;
}

/**
 * The emulator's own HTTP address, JSON in and out, on the same port as the services (CONTROL_ROUTES).
 * It asks for no credentials. Requests that a web page made are refused. What is said is checked as in TypeScript:
 * a wrong name or value is 400 with a sentence, a place that does not exist 404.
 */
export class Control {
  private readonly controlled: Controlled;

  constructor(controlled: Controlled) {
    this.controlled = controlled;
  }

  /** Answers a request of the control address; `undefined` for every other. */
  handle(request: WireRequest, urlOf: (site: Site) => string): Promise<WireReply> | undefined {
    const isControl = request.path === CONTROL_PREFIX || request.path.startsWith(`${CONTROL_PREFIX}/`);
    return isControl ? this.reply(request, urlOf) : undefined;
  }

  private async reply(request: WireRequest, urlOf: (site: Site) => string): Promise<WireReply> {
    if (header(request, "origin") !== undefined || header(request, "sec-fetch-site") !== undefined) {
      return jsonReply(403, { error: "the control address does not talk to web pages" });
    }
    try {
      return jsonReply(200, (await this.answer(request, partsOf(request), urlOf)) ?? {});
    } catch (error) {
      if (error instanceof ControlFailure) {
        return jsonReply(error.status, { error: error.message });
      }
      // Everything else that is thrown here is the caller's to mend; what is not is a bug, and is told as one.
      if (error instanceof RangeError) {
        return jsonReply(400, { error: error.message });
      }
      throw error;
    }
  }

  private answer(request: WireRequest, [first, ...rest]: string[], urlOf: (site: Site) => string): unknown {
    const { sites, journal, clock, reset, reference } = this.controlled;
    switch (first) {
      case undefined:
        only(request, "GET");
        return this.overview(urlOf);
      case "reference":
        nothingBelow(request, rest);
        only(request, "GET");
        return reference();
      case "reset":
        nothingBelow(request, rest);
        only(request, "POST");
        NOTHING.check(inputOf(request), "The reset");
        reset();
        return this.overview(urlOf);
      case "clock":
        nothingBelow(request, rest);
        only(request, "GET", "PUT");
        if (request.method === "PUT") {
          setClock(clock, CLOCK.check(inputOf(request), "The clock"));
        }
        return { nowMs: clock.now(), now: new Date(clock.now()).toISOString(), frozen: clock.frozen };
      case "journal":
        nothingBelow(request, rest);
        only(request, "GET", "DELETE");
        if (request.method === "DELETE") {
          journal.clear();
        }
        return journal.filter(journalFilter(request.query));
      default: {
        const site = sites.find((candidate) => candidate.name === first);
        if (site === undefined) {
          const places = ["clock", "journal", "reference", "reset", ...sites.map(({ name }) => name)];
          throw new ControlFailure(404, noSuch("place below /_emulator", first, places));
        }
        return this.siteAnswer(request, site, rest);
      }
    }
  }

  private overview(urlOf: (site: Site) => string): unknown {
    const { sites, journal, clock } = this.controlled;
    return {
      sites: sites.map((site) => ({
        name: site.name,
        environment: site.control.connection(urlOf(site)),
        objects: Object.fromEntries(
          Object.entries(site.control.tables).map(([kind, table]) => [kind, table.list().length]),
        ),
        actions: Object.keys(site.control.actions),
        faults: site.faults.list().length,
      })),
      journal: journal.count(),
      journalDropped: journal.dropped,
      now: new Date(clock.now()).toISOString(),
    };
  }

  private siteAnswer(request: WireRequest, site: Site, [area = "", ...rest]: string[]): unknown {
    const { control, faults } = site;
    switch (area) {
      case "switches":
        nothingBelow(request, rest);
        only(request, "GET", "PUT");
        if (request.method === "PUT") {
          control.switches.set(inputOf(request));
        }
        return { values: control.switches.values, table: control.switches.rows() };
      case "faults":
        return faultsAnswer(request, faults, rest);
      case "objects":
        return objectsAnswer(request, control.tables, rest);
      case "actions": {
        const [name, ...below] = rest;
        if (name === undefined) {
          only(request, "GET");
          return Object.keys(control.actions);
        }
        const action = named(control.actions, "action", name);
        nothingBelow(request, below);
        only(request, "POST");
        return action.run(inputOf(request));
      }
      default:
        throw new ControlFailure(
          404,
          noSuch(`place below /_emulator/${site.name}`, area, ["actions", "faults", "objects", "switches"]),
        );
    }
  }
}

/** The path below the prefix, decoded part by part. */
function partsOf({ path }: WireRequest): string[] {
  const parts = path.slice(CONTROL_PREFIX.length).split("/").filter(Boolean);
  try {
    return parts.map(decodeURIComponent);
  } catch {
    // The only complaint of the decoder is a % that begins no character.
    throw new ControlFailure(400, "The path holds a % that is no percent-encoding: write %25 for it.");
  }
}

function only(request: WireRequest, ...methods: string[]): void {
  if (!methods.includes(request.method)) {
    throw new ControlFailure(405, `Use ${methods.join(" or ")} here.`);
  }
}

function nothingBelow({ path }: WireRequest, rest: readonly string[]): void {
  if (rest.length > 0) {
    throw new ControlFailure(404, `There is nothing at ${path}.`);
  }
}

/** What has this name; only names that were given to something count, not those that every object of JavaScript has. */
function named<T>(all: Readonly<Record<string, T>>, noun: string, name: string): T {
  const found = Object.hasOwn(all, name) ? all[name] : undefined;
  if (found === undefined) {
    throw new ControlFailure(404, noSuch(noun, name, Object.keys(all)));
  }
  return found;
}

function inputOf(request: WireRequest): Input {
  const text = request.body.toString("utf8").trim();
  if (text === "") {
    return {};
  }
  let value: unknown;
  try {
    value = JSON.parse(text);
  } catch {
    // The parser's own text quotes the body.
    throw new ControlFailure(400, "The body is no JSON.");
  }
  if (typeof value !== "object" || value === null || Array.isArray(value)) {
    throw new ControlFailure(400, "The body takes a JSON object.");
  }
  return value as Input;
}

function setClock(clock: Clock, input: { set?: Moment; advanceMs?: number; frozen?: boolean }): void {
  if (input.frozen === false) {
    clock.resume();
  }
  if (input.set !== undefined) {
    clock.set(input.set);
  }
  if (input.advanceMs !== undefined) {
    clock.advance(input.advanceMs);
  }
  if (input.frozen === true) {
    clock.freeze();
  }
}

function journalFilter(query: URLSearchParams): JournalFilter {
  const filter: Record<string, unknown> = Object.fromEntries(query);
  if (filter.changing === "true" || filter.changing === "false") {
    filter.changing = filter.changing === "true";
  }
  return JOURNAL_FILTER.check(filter, "The filter");
}

function faultsAnswer(
  request: WireRequest,
  faults: Faults<{ kind: string }>,
  [id, ...below]: string[],
): unknown {
  nothingBelow(request, below);
  if (id !== undefined) {
    only(request, "DELETE");
    const rule = faults.list().find((candidate) => String(candidate.id) === id);
    if (rule === undefined) {
      throw new ControlFailure(404, `There is no fault rule ${id}.`);
    }
    faults.remove(rule.id);
  } else {
    only(request, "GET", "POST", "DELETE");
    if (request.method === "POST") {
      faults.add(inputOf(request));
    }
    if (request.method === "DELETE") {
      faults.clear();
    }
  }
  return faults.list();
}

function objectsAnswer(
  request: WireRequest,
  tables: Readonly<Record<string, ControlTable>>,
  [kind, ...keyParts]: string[],
): unknown {
  if (kind === undefined) {
    only(request, "GET");
    return Object.keys(tables);
  }
  const table = named(tables, "kind of object", kind);
  if (keyParts.length === 0) {
    only(request, "GET", "POST");
    if (request.method === "POST") {
      return table.add(fromJson(inputOf(request)));
    }
    requireMembers(table, request.query);
    return table.list().filter((row) => hasMembers(row, request.query));
  }
  const key = keyParts.join("/");
  const row = table.get(key);
  if (row === undefined) {
    throw new ControlFailure(404, `There is no ${table.noun} with the key ${key}.`);
  }
  only(request, "GET", "PUT", "DELETE");
  if (request.method === "PUT") {
    return table.edit(key, fromJson(inputOf(request)));
  }
  if (request.method === "DELETE") {
    return { removed: table.remove(key) };
  }
  return row;
}

function requireMembers({ noun, members }: ControlTable, wanted: URLSearchParams): void {
  const known = [...(members.members?.keys() ?? [])];
  for (const name of wanted.keys()) {
    if (!known.includes(name)) {
      throw new ControlFailure(400, `${name}: ${noSuch(`member of a row of kind ${noun}`, name, known)}`);
    }
  }
}

function hasMembers(row: object, wanted: URLSearchParams): boolean {
  const members = new Map<string, unknown>(Object.entries(row));
  return [...wanted].every(([name, value]) => String(members.get(name)) === value);
}

/** JSON cannot say `undefined`: null takes a member away. */
function fromJson(input: Input): Input {
  return Object.fromEntries(
    Object.entries(input).map(([name, value]) => [name, value === null ? undefined : value]),
  );
}
