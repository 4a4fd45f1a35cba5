import type { WireRequest } from "../../frame/exchange";
import { TextFailure } from "./errors";
import type { Command, Operation, Query } from "./operation";
import type { Match } from "./routes";

/** The body of a request: an object, or nothing. */
export type Body = Readonly<Record<string, unknown>> | undefined;

/** Parses a body; anything but a JSON object or nothing is 500 with the parser's text (1.1 rule 6). */
export function parseBody(request: WireRequest): Body {
  const text = request.body.toString("utf8").trim();
  if (text === "") {
    return undefined;
  }
  let value: unknown;
  try {
    value = JSON.parse(text);
  } catch (error) {
    throw new TextFailure(500, `malformed JSON: ${error instanceof Error ? error.message : ""}`);
  }
  if (value === null) {
    return undefined;
  }
  if (typeof value !== "object" || Array.isArray(value)) {
    throw new TextFailure(
      500,
      `Expected BEGIN_OBJECT but was ${Array.isArray(value) ? "BEGIN_ARRAY" : "STRING"}`,
    );
  }
  return value as Body;
}

/**
 * Picks the operation of a route: by method and, for PUT, by the action in the body (1.1 rules 3 to 5, 12.2).
 * @param url decoded path after the context path, for the texts of failures
 */
export function chooseOperation(match: Match, request: WireRequest, body: Body, url: string): Operation {
  const { operations } = match.route;
  const [only] = operations;
  if (only !== undefined && operations.length === 1) {
    return only;
  }
  switch (request.method) {
    case "GET": {
      const found = operations.find((operation) => operation.kind === "query" || operation.method === "GET");
      return found ?? noSuchMethod(request.method, url);
    }
    case "POST":
    case "DELETE":
      return operations.find((o) => o.method === request.method) ?? noSuchMethod(request.method, url);
    case "PUT": {
      // An empty body runs into a null pointer in the server (12.2).
      if (body === undefined) {
        throw new TextFailure(500, "");
      }
      const actions = operations.filter((o): o is Command => o.kind !== "query" && o.method === "PUT");
      const found = actions.find(
        (action) => action.wrapper !== undefined && Object.hasOwn(body, action.wrapper),
      );
      if (found === undefined) {
        throw new TextFailure(400, `the body doesn't contain any action mapped to the URL[${url}]`);
      }
      return found;
    }
    default:
      throw new TextFailure(405, `the method ${request.method} is not allowed on ${url}`);
  }
}

function noSuchMethod(method: string, url: string): never {
  throw new TextFailure(500, `${url} has no API for the method ${method}`);
}

/** Whether the fields of a command travel in the body or in the query. */
export function isQueryString(operation: Command | Query): boolean {
  return operation.method === "GET" || operation.method === "DELETE";
}
