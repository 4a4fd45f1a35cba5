/**
 * What values of an argument or a setting look like, as data: what tables say of it, what is said of a value of another kind, and the type
 * in a schema are all derived from it. What else must be true of a value, the argument's type or the setting's rule says by itself.
 */
export type Shape =
  | TextShape
  /** One of a closed list of words. */
  | { readonly kind: "enum"; readonly words: readonly string[] }
  | { readonly kind: "flag" }
  /** A whole number, both limits included. */
  | { readonly kind: "integer"; readonly min: number; readonly max: number }
  /** A numeric id, written as a string or a number. */
  | { readonly kind: "id" }
  /** A list whose order and repetitions mean nothing. */
  | { readonly kind: "set"; readonly element: Shape }
  | { readonly kind: "map"; readonly keys: string; readonly values: Shape }
  | { readonly kind: "object"; readonly members: Readonly<Record<string, Member>> }
  | { readonly kind: "union"; readonly of: readonly Shape[] };

interface TextShape {
  readonly kind: "text";
  /** In UTF-16 units. */
  readonly maxChars?: number | undefined;
  readonly minChars?: number | undefined;
  /** Texts of a known form, or what they are called. */
  readonly form?: "URL" | "uuid" | "phone number" | "remark" | undefined;
}

interface Member {
  readonly shape: Shape;
  readonly required?: true;
}

/** The shape in a few words, with its limits: `string, at most 255 characters`. */
export function labelOf(shape: Shape): string {
  switch (shape.kind) {
    case "text":
      return textLabel(shape);
    case "enum":
    case "union":
      return listed(alternativesOf(shape));
    case "flag":
      return "boolean";
    case "integer":
      return `integer, ${shape.min} to ${shape.max}`;
    case "id":
      return "numeric id";
    case "set":
      return `list of ${labelOf(shape.element)}`;
    case "map":
      return `map of ${shape.keys} to ${labelOf(shape.values)}`;
    case "object":
      return `{ ${Object.entries(shape.members)
        .map(([name, { required }]) => (required === true ? name : `${name}?`))
        .join(", ")} }`;
  }
}

/** Whether values have parts, at whatever depth. */
export function isComposite(shape: Shape): boolean {
  return shape.kind === "union"
    ? shape.of.some(isComposite)
    : shape.kind === "set" || shape.kind === "map" || shape.kind === "object";
}

/** What is said of a value of another kind, with the way out. Never quotes the value. */
export function wrongKind(shape: Shape, value: unknown): string {
  return `must be ${nounOf(shape)}, but is ${kindOf(value)}.${remedyFor(shape, value)}`;
}

/** A value's kind in words, for sentences such as "must be a string, but is a list". Never the value. */
export function kindOf(value: unknown): string {
  if (value === null) {
    return "null";
  }
  if (Array.isArray(value)) {
    return "a list";
  }
  const kinds: Partial<Record<string, string>> = {
    string: "a string",
    number: "a number",
    boolean: "a boolean",
    object: "an object",
    undefined: "missing",
  };
  return kinds[typeof value] ?? `a ${typeof value}`;
}

/** A type as Pulumi's package schema writes it, which is JSON schema's way where that has one. */
export interface SchemaType {
  readonly type?: "string" | "boolean" | "integer" | "array" | "object";
  readonly items?: SchemaType;
  readonly additionalProperties?: SchemaType;
  readonly oneOf?: readonly SchemaType[];
  readonly enum?: readonly string[];
  readonly properties?: Readonly<Record<string, SchemaType>>;
  readonly required?: readonly string[];
}

/** The shape as a type of a schema. */
export function schemaTypeOf(shape: Shape): SchemaType {
  switch (shape.kind) {
    case "text":
    case "id":
      return { type: "string" };
    case "enum":
      return { type: "string", enum: shape.words };
    case "flag":
      return { type: "boolean" };
    case "integer":
      return { type: "integer" };
    case "set":
      return { type: "array", items: schemaTypeOf(shape.element) };
    case "map":
      return { type: "object", additionalProperties: schemaTypeOf(shape.values) };
    case "object": {
      const members = Object.entries(shape.members);
      return {
        type: "object",
        properties: Object.fromEntries(members.map(([name, member]) => [name, schemaTypeOf(member.shape)])),
        required: members.flatMap(([name, { required }]) => (required === true ? [name] : [])),
      };
    }
    case "union":
      return { oneOf: shape.of.map(schemaTypeOf) };
  }
}

function textLabel({ form, minChars, maxChars }: TextShape): string {
  if (form === "uuid") {
    return "uuid, 32 hex digits";
  }
  const noun = form ?? "string";
  if (form === "remark" || form === "phone number") {
    return noun;
  }
  if (minChars !== undefined && maxChars !== undefined) {
    return `${noun}, ${minChars} to ${maxChars} characters`;
  }
  return maxChars === undefined ? noun : `${noun}, at most ${maxChars} characters`;
}

function alternativesOf(shape: Shape): string[] {
  switch (shape.kind) {
    case "union":
      return shape.of.flatMap(alternativesOf);
    case "enum":
      return shape.words.map((word) => `"${word}"`);
    default:
      return [labelOf(shape)];
  }
}

/** `a, b or c`. */
function listed(words: readonly string[]): string {
  return [words.slice(0, -1).join(", "), words.at(-1)].filter(Boolean).join(" or ");
}

function nounOf(shape: Shape): string {
  switch (shape.kind) {
    case "text":
      return "a string";
    case "flag":
      return "true or false";
    case "integer":
      return "a whole number";
    case "set":
      return "a list";
    case "map":
    case "object":
      return `a ${labelOf(shape)}`;
    default:
      return labelOf(shape);
  }
}

function remedyFor(shape: Shape, value: unknown): string {
  if (shape.kind === "text") {
    return typeof value === "number" || typeof value === "boolean"
      ? " Write it in quotes."
      : " Give one text.";
  }
  if (shape.kind === "set") {
    return " Put it in square brackets.";
  }
  if (shape.kind === "flag") {
    return value === "true" || value === "false"
      ? " Read it with config.getBoolean(), or write it without quotes."
      : "";
  }
  return shape.kind === "integer" && typeof value === "string"
    ? " Read it with config.getNumber(), or write it without quotes."
    : "";
}
