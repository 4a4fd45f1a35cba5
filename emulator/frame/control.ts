import type { Clock, Moment } from "./clock";
import { header, jsonReply, type WireReply, type WireRequest } from "./exchange";
import type { Faults } from "./faults";
import type { Journal, JournalFilter } from "./journal";
import type { ControlTable, Site } from "./site";

/** Everything below this path belongs to the emulator, never to a vendor. */
export const CONTROL_PREFIX = "/_emulator";

/** What the control address can reach. */
export interface Controlled {
  readonly sites: readonly Site[];
  readonly journal: Journal;
  readonly clock: Clock;
  reset(): void;
}

type Input = Readonly<Record<string, unknown>>;

class ControlFailure extends Error {
  readonly status: number;
  constructor(status: number, message: string) {
    super(message);
    this.status = status;
  }
}

/**
 * The emulator's own HTTP address, JSON in and out, on the same port as the services:
 *
 * - `GET /_emulator/` overview, with what a client has to set in its environment
 * - `POST /_emulator/reset`
 * - `GET | PUT /_emulator/clock`: `{"set":…}`, `{"advanceMs":…}`, `{"frozen":true|false}`
 * - `GET | DELETE /_emulator/journal`, with `?operation=`, `?method=`, `?changing=true`
 * - `GET | PUT /_emulator/<site>/switches`
 * - `GET | POST | DELETE /_emulator/<site>/faults`, `DELETE …/faults/<id>`
 * - `GET | POST /_emulator/<site>/objects/<kind>`, `GET | PUT | DELETE …/<key>`; a list with `?member=value` is filtered
 * - `POST /_emulator/<site>/actions/<name>`
 *
 * It asks for no credentials. Requests that a web page made are refused.
 */
export class Control {
  readonly #controlled: Controlled;

  constructor(controlled: Controlled) {
    this.#controlled = controlled;
  }

  /** Answers a request of the control address; `undefined` for every other. */
  handle(request: WireRequest, urlOf: (site: Site) => string): Promise<WireReply> | undefined {
    const isControl = request.path === CONTROL_PREFIX || request.path.startsWith(`${CONTROL_PREFIX}/`);
    return isControl ? this.#reply(request, urlOf) : undefined;
  }

  async #reply(request: WireRequest, urlOf: (site: Site) => string): Promise<WireReply> {
    if (header(request, "origin") !== undefined || header(request, "sec-fetch-site") !== undefined) {
      return jsonReply(403, { error: "the control address does not talk to web pages" });
    }
    try {
      const parts = request.path
        .slice(CONTROL_PREFIX.length)
        .split("/")
        .filter(Boolean)
        .map(decodeURIComponent);
      return jsonReply(200, (await this.#answer(request, parts, urlOf)) ?? {});
    } catch (error) {
      const status = error instanceof ControlFailure ? error.status : 400;
      return jsonReply(status, { error: error instanceof Error ? error.message : String(error) });
    }
  }

  #answer(request: WireRequest, [first, ...rest]: string[], urlOf: (site: Site) => string): unknown {
    const { sites, journal, clock, reset } = this.#controlled;
    switch (first) {
      case undefined:
        return this.#overview(urlOf);
      case "reset":
        only(request, "POST");
        reset();
        return this.#overview(urlOf);
      case "clock":
        if (request.method === "PUT") setClock(clock, inputOf(request));
        else only(request, "GET");
        return { nowMs: clock.now(), now: new Date(clock.now()).toISOString(), frozen: clock.frozen };
      case "journal":
        if (request.method === "DELETE") journal.clear();
        else only(request, "GET");
        return journal.filter(journalFilter(request.query));
      default: {
        const site = sites.find((candidate) => candidate.name === first);
        if (site === undefined) throw new ControlFailure(404, `nothing at ${request.path}`);
        return this.#siteAnswer(request, site, rest);
      }
    }
  }

  #overview(urlOf: (site: Site) => string): unknown {
    const { sites, journal, clock } = this.#controlled;
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
      now: new Date(clock.now()).toISOString(),
    };
  }

  #siteAnswer(request: WireRequest, site: Site, [area, ...rest]: string[]): unknown {
    const { control, faults } = site;
    switch (area) {
      case "switches":
        if (request.method === "PUT") control.switches.set(inputOf(request));
        else only(request, "GET");
        return { values: control.switches.values, table: control.switches.rows() };
      case "faults":
        return faultsAnswer(request, faults, rest);
      case "objects":
        return objectsAnswer(request, control.tables, rest);
      case "actions": {
        only(request, "POST");
        const action = control.actions[rest[0] ?? ""];
        if (action === undefined)
          throw new ControlFailure(404, `actions: ${Object.keys(control.actions).join(", ")}`);
        return action(inputOf(request));
      }
      default:
        throw new ControlFailure(404, `nothing at ${request.path}`);
    }
  }
}

function only(request: WireRequest, ...methods: string[]): void {
  if (!methods.includes(request.method)) throw new ControlFailure(405, `use ${methods.join(" or ")} here`);
}

function inputOf(request: WireRequest): Input {
  const text = request.body.toString("utf8").trim();
  if (text === "") return {};
  const value: unknown = JSON.parse(text);
  if (typeof value !== "object" || value === null || Array.isArray(value))
    throw new Error("give a JSON object");
  return value as Input;
}

function setClock(clock: Clock, input: Input): void {
  if (input.frozen === false) clock.resume();
  if (input.set !== undefined) clock.set(input.set as Moment);
  if (input.advanceMs !== undefined) clock.advance(Number(input.advanceMs));
  if (input.frozen === true) clock.freeze();
}

function journalFilter(query: URLSearchParams): JournalFilter {
  const filter: Record<string, string | boolean> = {};
  for (const name of ["operation", "method", "site"]) {
    const value = query.get(name);
    if (value !== null) filter[name] = value;
  }
  const changing = query.get("changing");
  if (changing !== null) filter.changing = changing === "true";
  return filter;
}

function faultsAnswer(request: WireRequest, faults: Faults<{ kind: string }>, [id]: string[]): unknown {
  if (request.method === "POST") faults.add(inputOf(request));
  else if (request.method === "DELETE" && id !== undefined) faults.remove(Number(id));
  else if (request.method === "DELETE") faults.clear();
  else only(request, "GET");
  return faults.list();
}

function objectsAnswer(
  request: WireRequest,
  tables: Readonly<Record<string, ControlTable>>,
  [kind, ...keyParts]: string[],
): unknown {
  if (kind === undefined) return Object.keys(tables);
  const table = tables[kind];
  if (table === undefined) throw new ControlFailure(404, `kinds: ${Object.keys(tables).join(", ")}`);
  if (keyParts.length === 0) {
    if (request.method === "POST") return table.add(inputOf(request));
    only(request, "GET");
    return table.list().filter((row) => hasMembers(row, request.query));
  }
  const key = keyParts.join("/");
  const row = table.get(key);
  if (row === undefined) throw new ControlFailure(404, `no ${kind} with the key ${key}`);
  if (request.method === "PUT") return table.edit(key, fromJson(inputOf(request)));
  if (request.method === "DELETE") return { removed: table.remove(key) };
  only(request, "GET");
  return row;
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
