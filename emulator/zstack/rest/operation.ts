import type { Caller, Context } from "./context";
import type { Inventory } from "./inventory";
import type { QueryTarget } from "./query";
import type { ResourceKey } from "./store";
import type { ZStackSwitches } from "../switches";

/** One parameter of a call, with the generic checks of section 4.3. */
export interface Field {
  readonly name: string;
  /** `objects`: a list of flat JSON objects. */
  readonly type: "string" | "boolean" | "integer" | "number" | "list" | "map" | "objects";
  readonly required?: true;
  readonly maxChars?: number;
  readonly min?: number;
  readonly max?: number;
  /** Case-sensitive (section 4.3). */
  readonly values?: readonly string[];
  readonly nonEmpty?: true;
  /** The value is the uuid of an object of this type; an unknown one is SYS.1003. */
  readonly refersTo?: string;
  /** What an unknown uuid means where it is the object of a delete (section 4.4). */
  readonly ifMissing?: "success" | ((switches: ZStackSwitches) => "success" | "SYS.1003");
  /** First version that knows the field; older ones ignore it. */
  readonly since?: string;
}

/** Parameters by name, type-checked and trimmed. */
export type Params = Readonly<Record<string, unknown>>;

/** What a running operation gets. */
export interface Call {
  readonly context: Context;
  readonly caller: Caller;
  readonly params: Params;
  readonly systemTags: readonly string[];
  readonly userTags: readonly string[];
}

/** A part of the server that an installation may lack (section 11.10). */
export type Module = "sns" | "zwatch" | "accesskey";

/** An API call that is no query. */
export interface Command {
  readonly name: string;
  readonly method: "GET" | "POST" | "PUT" | "DELETE";
  /** Below /zstack/v1. */
  readonly paths: readonly string[];
  /** `async` calls answer 202 and a job. */
  readonly kind: "sync" | "async";
  /** The body member that holds the fields; of a PUT it also chooses the action. */
  readonly wrapper?: string;
  /** No Authorization is looked at. */
  readonly open?: boolean;
  /** Changes objects, or is seen by people. */
  readonly changing: boolean;
  readonly since?: string;
  readonly module?: Module;
  readonly fields: readonly Field[];
  /** Checks after the session and before the work: SNS checks, tags, quota (section 4.3). */
  run(call: Call): Inventory | Promise<Inventory>;
}

/** A query (section 7). */
export interface Query {
  readonly name: string;
  readonly method: "GET";
  readonly paths: readonly string[];
  readonly kind: "query";
  readonly changing: false;
  readonly since?: string;
  readonly module?: Module;
  readonly target: QueryTarget;
}

export type Operation = Command | Query;

/** A parameter that must name an object of a kind; an unknown one is SYS.1003. */
export function reference({ resourceType }: ResourceKey<object>, name: string) {
  return { name, type: "string", required: true, refersTo: resourceType } as const satisfies Field;
}

/** The call that finds objects. */
export function query(
  name: string,
  path: string,
  target: QueryTarget,
  more: Pick<Query, "since" | "module"> = {},
): Query {
  return {
    name,
    method: "GET",
    paths: [path, `${path}/{uuid}`],
    kind: "query",
    changing: false,
    target,
    ...more,
  };
}

/** A text parameter, or `undefined`. */
export function textOf(params: Params, name: string): string | undefined {
  const value = params[name];
  return typeof value === "string" ? value : undefined;
}

/** A text parameter that the generic checks have made sure of. */
export function requiredText(params: Params, name: string): string {
  return textOf(params, name) ?? "";
}

/** A list parameter, or `undefined`. */
export function listOf(params: Params, name: string): readonly string[] | undefined {
  const value = params[name];
  return Array.isArray(value) ? (value as string[]) : undefined;
}

/** A parameter that is a list of objects, or `undefined`. */
export function objectsOf(
  params: Params,
  name: string,
): readonly Readonly<Record<string, string | undefined>>[] | undefined {
  const value = params[name];
  return Array.isArray(value) ? (value as Record<string, string | undefined>[]) : undefined;
}
