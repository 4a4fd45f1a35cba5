import type { Operation } from "./operation";
import type { ZStackSwitches } from "../switches";
import { has } from "./version";

/** The API's own part of its prefix, after the context path: texts and signatures begin with it (1.1, 2.4). */
export const VERSION_PREFIX = "/v1";
/** Everything below this is the API (section 1). */
export const API_PREFIX = `/zstack${VERSION_PREFIX}`;
/** Where jobs are polled (section 3.2). */
export const JOBS_PATH = "/api-jobs/";

/** A path with all operations that live on it. */
export interface Route {
  readonly template: string;
  /** The same path with all names that its operations have for the variables. */
  readonly templates: readonly string[];
  readonly operations: readonly Operation[];
}

/** A route that fits a path, with the values of its variables under every name they have. */
export interface Match {
  readonly route: Route;
  readonly variables: Readonly<Record<string, string>>;
}

/** The routes of a set of operations: exact paths first, then patterns, most specific first (1.1 rule 1). */
export class Routes {
  private readonly routes: Route[];
  private readonly exact = new Map<string, Route>();
  private readonly patterns: Route[];

  constructor(operations: readonly Operation[]) {
    const byShape = new Map<string, { templates: Set<string>; operations: Operation[] }>();
    for (const operation of operations) {
      for (const path of operation.paths) {
        // The server tells paths apart by their shape, whatever the variables are called.
        const shape = path.replaceAll(/\{\w+\}/g, "{}");
        const there = byShape.get(shape) ?? { templates: new Set(), operations: [] };
        there.templates.add(path);
        there.operations.push(operation);
        byShape.set(shape, there);
      }
    }
    this.routes = [...byShape.values()].map(({ templates, operations }) => ({
      templates: [...templates],
      template: [...templates][0] ?? "",
      operations,
    }));
    this.patterns = [];
    for (const route of this.routes) {
      if (route.template.includes("{")) {
        this.patterns.push(route);
      } else {
        this.exact.set(route.template, route);
      }
    }
    this.patterns.sort((a, b) => variablesIn(a.template) - variablesIn(b.template));
  }

  /** All routes. */
  list(): readonly Route[] {
    return this.routes;
  }

  /** The route of a decoded path below the prefix, or `undefined`. */
  find(path: string): Match | undefined {
    const exact = this.exact.get(path);
    if (exact !== undefined) {
      return { route: exact, variables: {} };
    }
    const parts = path.split("/");
    for (const route of this.patterns) {
      const found = route.templates.map((template) => match(template.split("/"), parts));
      if (found[0] !== undefined) {
        return { route, variables: Object.fromEntries(found.flatMap(entries)) };
      }
    }
    return undefined;
  }
}

/** The routes of the version and the modules that the switches say; built anew when one of them changes. */
export class KnownRoutes {
  private readonly operations: readonly Operation[];
  private last: { key: string; routes: Routes } | undefined;

  constructor(operations: readonly Operation[]) {
    this.operations = operations;
  }

  /** The routes now. */
  under(switches: ZStackSwitches): Routes {
    const { serverVersion, snsAvailable, zwatchAvailable, accessKeysAvailable } = switches;
    const key = [serverVersion, snsAvailable, zwatchAvailable, accessKeysAvailable].join();
    if (this.last?.key === key) {
      return this.last.routes;
    }
    const available = { sns: snsAvailable, zwatch: zwatchAvailable, accesskey: accessKeysAvailable };
    const known = this.operations.filter(
      ({ since, module }) => has(serverVersion, since) && (module === undefined || available[module]),
    );
    this.last = { key, routes: new Routes(known) };
    return this.last.routes;
  }
}

function entries(variables: Record<string, string> | undefined): [string, string][] {
  return Object.entries(variables ?? {});
}

function variablesIn(template: string): number {
  return template.split("{").length - 1;
}

function match(template: readonly string[], parts: readonly string[]): Record<string, string> | undefined {
  if (template.length !== parts.length) {
    return undefined;
  }
  const variables: Record<string, string> = {};
  for (const [i, expected] of template.entries()) {
    const part = parts[i] ?? "";
    if (expected.startsWith("{")) {
      if (part === "") {
        return undefined;
      }
      variables[expected.slice(1, -1)] = part;
    } else if (expected !== part) {
      return undefined;
    }
  }
  return variables;
}
