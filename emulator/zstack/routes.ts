import type { Operation } from "./operation";

/** Everything below this is the API (section 1). */
export const API_PREFIX = "/zstack/v1";
/** Where jobs are polled (section 3.2). */
export const JOBS_PATH = "/api-jobs/";

/** A path with all operations that live on it. */
export interface Route {
  readonly template: string;
  readonly operations: readonly Operation[];
}

/** A route that fits a path, with the values of its variables. */
export interface Match {
  readonly route: Route;
  readonly variables: Readonly<Record<string, string>>;
}

/** The routes of a set of operations: exact paths first, then patterns, most specific first (1.1 rule 1). */
export class Routes {
  readonly #routes: Route[];
  readonly #exact = new Map<string, Route>();
  readonly #patterns: Route[];

  constructor(operations: readonly Operation[]) {
    const byTemplate = new Map<string, Operation[]>();
    for (const operation of operations) {
      for (const path of operation.paths) {
        const there = byTemplate.get(path);
        if (there === undefined) byTemplate.set(path, [operation]);
        else there.push(operation);
      }
    }
    this.#routes = [...byTemplate].map(([template, found]) => ({ template, operations: found }));
    this.#patterns = [];
    for (const route of this.#routes) {
      if (route.template.includes("{")) this.#patterns.push(route);
      else this.#exact.set(route.template, route);
    }
    this.#patterns.sort((a, b) => variablesIn(a.template) - variablesIn(b.template));
  }

  /** All routes. */
  list(): readonly Route[] {
    return this.#routes;
  }

  /** The route of a decoded path below the prefix, or `undefined`. */
  find(path: string): Match | undefined {
    const exact = this.#exact.get(path);
    if (exact !== undefined) return { route: exact, variables: {} };
    const parts = path.split("/");
    for (const route of this.#patterns) {
      const variables = match(route.template.split("/"), parts);
      if (variables !== undefined) return { route, variables };
    }
    return undefined;
  }
}

function variablesIn(template: string): number {
  return template.split("{").length - 1;
}

function match(template: readonly string[], parts: readonly string[]): Record<string, string> | undefined {
  if (template.length !== parts.length) return undefined;
  const variables: Record<string, string> = {};
  for (const [i, expected] of template.entries()) {
    const part = parts[i] ?? "";
    if (expected.startsWith("{")) {
      if (part === "") return undefined;
      variables[expected.slice(1, -1)] = part;
    } else if (expected !== part) {
      return undefined;
    }
  }
  return variables;
}
