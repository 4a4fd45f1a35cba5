import type { WireRequest } from "../../frame/exchange";
import { isQueryString, type Body } from "./choose-operation";
import { invalid, notFound, TextFailure, textFailure } from "./errors";
import { equalsIgnoreCase, javaTrim, parseInt32 } from "./java";
import type { Command, Field, Params } from "./operation";
import type { Store } from "./store";
import type { ZStackSwitches } from "../switches";
import { has } from "./version";

/** Ids that the server accepts (section 8): uuid version 1 to 5, RFC variant, no dashes, lower case. */
export const UUID = /^[0-9a-f]{12}[1-5][0-9a-f]{3}[89ab][0-9a-f]{15}$/;

/** Everything that a command was given, by name and of the right type (the REST layer's part of the work). */
export interface Given {
  readonly params: Params;
  readonly systemTags: readonly string[];
  readonly userTags: readonly string[];
}

/**
 * Collects the fields of a command from body, query and path, and checks their types:
 * wrong text for a boolean or an integer is 400, a wrong container 500 (1.1 rule 6, 12.9). Unknown fields are ignored.
 */
export function collect(
  command: Command,
  request: WireRequest,
  body: Body,
  variables: Readonly<Record<string, string>>,
  serverVersion: string,
): Given {
  const raw: Record<string, unknown> = isQueryString(command)
    ? fromQuery(command, request.query)
    : fromBody(command, body);
  const params: Record<string, unknown> = {};
  for (const field of command.fields) {
    if (!has(serverVersion, field.since)) {
      continue;
    }
    const given = field.name in variables ? variables[field.name] : raw[field.name];
    if (given === undefined || given === null) {
      continue;
    }
    params[field.name] = convert(field, given);
  }
  return { params, systemTags: tagsOf(body, "systemTags"), userTags: tagsOf(body, "userTags") };
}

function fromBody(command: Command, body: Body): Record<string, unknown> {
  const wrapped = command.wrapper === undefined ? undefined : body?.[command.wrapper];
  if (wrapped === undefined || wrapped === null) {
    return {};
  }
  if (typeof wrapped !== "object" || Array.isArray(wrapped)) {
    throw new TextFailure(500, `Expected BEGIN_OBJECT for ${command.wrapper ?? ""}`);
  }
  return wrapped as Record<string, unknown>;
}

function fromQuery(command: Command, query: URLSearchParams): Record<string, unknown> {
  const raw: Record<string, unknown> = {};
  for (const { name, type } of command.fields) {
    const values = query.getAll(name);
    if (values.length > 0) {
      raw[name] = type === "list" ? values : values[0];
    }
  }
  return raw;
}

function tagsOf(body: Body, name: string): readonly string[] {
  const value = body?.[name];
  if (value === undefined || value === null) {
    return [];
  }
  if (!Array.isArray(value)) {
    throw new TextFailure(500, `Expected BEGIN_ARRAY for ${name}`);
  }
  return value.map(String);
}

function convert(field: Field, given: unknown): unknown {
  const isContainer = typeof given === "object";
  switch (field.type) {
    case "string":
      if (isContainer) {
        throw new TextFailure(500, `Expected a string for ${field.name} but was a container`);
      }
      return javaTrim(scalar(given));
    case "boolean": {
      if (isContainer) {
        throw new TextFailure(500, `Expected a boolean for ${field.name} but was a container`);
      }
      const text = scalar(given);
      if (equalsIgnoreCase(text, "true")) {
        return true;
      }
      if (equalsIgnoreCase(text, "false")) {
        return false;
      }
      throw new TextFailure(400, `Invalid value for boolean field[${field.name}]: ${text}`);
    }
    case "integer":
    case "number": {
      if (isContainer) {
        throw new TextFailure(500, `Expected a number for ${field.name} but was a container`);
      }
      const text = javaTrim(scalar(given));
      const value = field.type === "integer" ? parseInt32(text) : parseDecimal(text);
      return value ?? textFailure(400, `Invalid value for ${field.type} field[${field.name}]: ${text}`);
    }
    case "list":
      if (!Array.isArray(given)) {
        throw new TextFailure(500, `Expected BEGIN_ARRAY for ${field.name}`);
      }
      return given.map((item: unknown) => {
        if (typeof item === "object" && item !== null) {
          throw new TextFailure(500, `Expected a string in ${field.name}`);
        }
        return item === null ? null : scalar(item);
      });
    case "map":
      return flatObject(field, given);
    case "objects":
      if (!Array.isArray(given)) {
        throw new TextFailure(500, `Expected BEGIN_ARRAY for ${field.name}`);
      }
      return given.map((item: unknown) => flatObject(field, item));
  }
}

function parseDecimal(text: string): number | undefined {
  const value = /^[+-]?(\d+(\.\d*)?|\.\d+)(e[+-]?\d+)?$/i.test(text) ? Number(text) : NaN;
  return Number.isFinite(value) ? value : undefined;
}

function flatObject({ name }: Field, given: unknown): Record<string, string | null> {
  if (typeof given !== "object" || given === null || Array.isArray(given)) {
    throw new TextFailure(500, `Expected BEGIN_OBJECT for ${name}`);
  }
  return Object.fromEntries(
    Object.entries(given).map(([key, item]: [string, unknown]) => {
      if (typeof item === "object" && item !== null) {
        throw new TextFailure(500, `Expected a string in ${name}`);
      }
      return [key, item === null ? null : scalar(item)];
    }),
  );
}

/** Numbers and booleans pass for text (12.9). */
function scalar(value: unknown): string {
  return typeof value === "string" ? value : JSON.stringify(value);
}

/** A delete of something that does not exist is done at once, before anybody asks for the session (2.3, 4.4). */
export type Checked = "go on" | "already gone";

/** The generic checks of section 4.3, in the order of the fields; they run before the session is looked at. */
export function check(command: Command, params: Params, store: Store, switches: ZStackSwitches): Checked {
  for (const field of command.fields) {
    if (!has(switches.serverVersion, field.since)) {
      continue;
    }
    const { name } = field;
    const value = params[name];
    if (value === undefined) {
      if (field.required) {
        invalid(
          `field[${name}] of message[${command.name}] is mandatory, can not be null`,
          `字段[${name}]不能为空`,
        );
      }
      continue;
    }
    if (typeof value === "string") {
      checkText(field, value);
    }
    if (typeof value === "number") {
      checkNumber(field, value);
    }
    if (Array.isArray(value)) {
      checkList(field, value);
    }
    if (field.refersTo !== undefined && typeof value === "string") {
      const known = store.resources.get(value) === field.refersTo;
      if (known) {
        continue;
      }
      const { ifMissing = "SYS.1003" } = field;
      const meaning = typeof ifMissing === "function" ? ifMissing(switches) : ifMissing;
      if (meaning === "SYS.1003") {
        notFound(name, value, field.refersTo);
      }
      if (!UUID.test(value)) {
        notFoundValue(name, value);
      }
      return "already gone";
    }
  }
  return "go on";
}

function notFoundValue(name: string, value: string): never {
  notFound(`${name}, invalid value[${value}]`, value, "unknown");
}

function checkText({ name, maxChars, values }: Field, value: string): void {
  if (maxChars !== undefined && value.length > maxChars) {
    invalid(
      `field[${name}] exceeds max length of string. expected was <= ${String(maxChars)}, actual was ${String(value.length)}`,
      `字段[${name}]超出最大长度,期望值<=${String(maxChars)},实际值为${String(value.length)}`,
    );
  }
  if (values !== undefined && !values.includes(value)) {
    invalid(
      `valid value for field[${name}] are [${values.join(", ")}], but ${value} found`,
      `字段[${name}]的有效值为[${values.join(", ")}],而不是${value}`,
    );
  }
}

function checkNumber({ name, min, max }: Field, value: number): void {
  if ((min !== undefined && value < min) || (max !== undefined && value > max)) {
    invalid(
      `field[${name}] must be in range[${String(min)}, ${String(max)}], actual was ${String(value)}`,
      `字段[${name}]必须在范围[${String(min)},${String(max)}]内,实际值为${String(value)}`,
    );
  }
}

function checkList({ name, nonEmpty }: Field, value: readonly unknown[]): void {
  if (nonEmpty && value.length === 0) {
    invalid(`field[${name}] must be a nonempty list`, `字段[${name}]必须是非空列表`);
  }
  if (value.includes(null)) {
    invalid(`field[${name}] cannot contain a NULL element`, `字段[${name}]不能包含空元素`);
  }
}
