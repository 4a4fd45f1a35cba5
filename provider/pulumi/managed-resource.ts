import { createHash } from "node:crypto";
import * as pulumi from "@pulumi/pulumi";
import type { GivenInputsOf } from "../core/fields";
import { Report } from "../core/report";
import type { ResourceDefinition } from "../core/resource";
import { durationSeconds } from "./duration";
import { HIDDEN_BAG, type HiddenBag } from "./hidden-bag";
import { stubFor } from "./stub";

type Primitive = string | number | boolean;
/** A value that may come later, at every depth. */
type DeepInput<T> = pulumi.Input<Extract<T, Primitive>> | DeepObjectInput<Exclude<T, Primitive>>;
type DeepObjectInput<T> = T extends readonly (infer Element)[]
  ? pulumi.Input<DeepInput<Element>[]>
  : T extends object
    ? pulumi.Input<{ [K in keyof T]: DeepInput<T[K]> }>
    : never;

type InputWrapped<Given> = {
  [K in keyof Given]: DeepInput<Exclude<Given[K], undefined>> | Extract<Given[K], undefined>;
};

/** The arguments of a resource with these fields, each a plain value or one that comes later. */
export type ArgsOf<Fields> = InputWrapped<GivenInputsOf<Fields>>;

// A definition of any resource; here only its data is looked at.
// eslint-disable-next-line @typescript-eslint/no-explicit-any
type AnyResource = ResourceDefinition<any, any, any>;
type AnyDefinition = Pick<AnyResource, "token" | "noun" | "fields" | "outputs" | "normaliseId">;

/**
 * The base of every resource class. Registers a dynamic resource whose "code" is only the name of ours, so that the installed
 * package runs it; see `stub.ts`.
 */
export abstract class ManagedResource extends pulumi.CustomResource {
  protected constructor(
    definition: AnyDefinition,
    name: string,
    args: object | undefined,
    opts: pulumi.CustomResourceOptions = {},
  ) {
    refuseImport(definition, opts);
    super(
      typeOf(definition.token),
      name,
      propertiesOf(definition, name, args, opts),
      optionsOf(definition, opts),
    );
    for (const [output, { isId }] of Object.entries(definition.outputs as Record<string, { isId?: true }>)) {
      if (isId === true) {
        // The id stays known in the preview of an update, where other outputs do not.
        (this as Record<string, unknown>)[output] = this.id;
      }
    }
  }

  /** @internal */
  protected static isOfType(value: unknown, token: string): boolean {
    return (
      pulumi.CustomResource.isInstance(value) &&
      (value as unknown as { __pulumiType?: string }).__pulumiType === typeOf(token)
    );
  }
}

/** The options that make a resource class read an existing object instead of managing one. */
export function existing(
  id: pulumi.Input<pulumi.ID>,
  opts: pulumi.CustomResourceOptions = {},
  { noun, normaliseId }: Pick<AnyDefinition, "noun" | "normaliseId">,
): pulumi.CustomResourceOptions {
  // What cannot be an id is left to the read, whose failure is shown at the resource.
  const canonical = (given: pulumi.ID): pulumi.ID => normaliseId?.(given, "id", new Report()) ?? given;
  if (pulumi.Output.isInstance(id) || id instanceof Promise) {
    return { ...opts, id: pulumi.output(id).apply(canonical) };
  }
  // Without an id Pulumi would make a new object. The types tell this to TypeScript only.
  if (String((id as pulumi.ID | null | undefined) ?? "").trim() === "") {
    throw new pulumi.RunError(`The id of the ${noun} to get is missing. Give the id of one that exists.`);
  }
  return { ...opts, id: canonical(id) };
}

function typeOf(token: string): string {
  return `pulumi-nodejs:dynamic/${token}`;
}

function refuseImport(definition: AnyDefinition, opts: pulumi.CustomResourceOptions): void {
  if (opts.import !== undefined) {
    // Pulumi prints a RunError as one sentence, and any other error with a stack.
    throw new pulumi.RunError(
      `Pulumi cannot import this ${definition.noun}: the resource option "import" does not work for dynamic resources. Remove it` +
        ("adopt" in (definition.fields as object)
          ? ', and give the argument adopt: { id: "…" } instead, which takes the existing object over.'
          : ": what is there already is taken over anyway."),
    );
  }
}

function propertiesOf(
  definition: AnyDefinition,
  name: string,
  args: object | undefined,
  opts: pulumi.CustomResourceOptions,
): pulumi.Inputs {
  const fields = definition.fields as Record<string, { secret?: true }>;
  const properties: pulumi.Inputs = { __provider: stubFor(definition.token) };
  for (const output of [...Object.keys(fields), ...Object.keys(definition.outputs as object)]) {
    // Declares the output: without a key here the property would not exist on the resource.
    properties[output] = undefined;
  }
  properties[HIDDEN_BAG] = bagOf(definition, name, opts);
  if (opts.id !== undefined) {
    return properties;
  }
  for (const [argument, value] of Object.entries(args ?? {}) as [string, unknown][]) {
    const isSecret = fields[argument]?.secret === true && value !== undefined && value !== null;
    properties[argument] = isSecret ? pulumi.secret(value) : value;
  }
  return properties;
}

function optionsOf(
  definition: AnyDefinition,
  opts: pulumi.CustomResourceOptions,
): pulumi.CustomResourceOptions {
  const fields = definition.fields as Record<string, { secret?: true }>;
  return {
    ...pulumi.mergeOptions(opts, {
      additionalSecretOutputs: Object.keys(fields).filter((field) => fields[field]?.secret === true),
    }),
    // Objects are found by uuid or name, so that a replacement made first would find its own predecessor.
    deleteBeforeReplace: true,
  };
}

/** Promises, not outputs: an output would make every resource depend on its siblings through their common parent. */
function bagOf(
  definition: AnyDefinition,
  name: string,
  opts: pulumi.CustomResourceOptions,
): Promise<HiddenBag> {
  const type = typeOf(definition.token);
  const urn = new Promise<string>((resolve) => pulumi.createUrn(name, type, opts.parent).apply(resolve));
  const timeouts = timeoutsOf(opts.customTimeouts);
  return urn.then((known) => ({
    v: 1,
    key: createHash("sha256").update(`${organization()}\n${known}`).digest("hex"),
    name,
    urn: known,
    ...(timeouts === undefined ? {} : { timeouts }),
    ...(opts.id === undefined ? {} : { get: true as const }),
  }));
}

/** A program that is tested with Pulumi's mocks has none unless it names one; the engine always tells it. */
function organization(): string {
  try {
    return pulumi.getOrganization();
  } catch {
    return "organization";
  }
}

function timeoutsOf(given: pulumi.CustomTimeouts | undefined): HiddenBag["timeouts"] {
  const seconds = {
    ...withSeconds("create", given?.create),
    ...withSeconds("update", given?.update),
    ...withSeconds("delete", given?.delete),
  };
  return Object.keys(seconds).length === 0 ? undefined : seconds;
}

function withSeconds(operation: string, duration: string | undefined): Record<string, number> {
  const seconds = duration === undefined ? undefined : durationSeconds(duration);
  return seconds === undefined ? {} : { [operation]: seconds };
}
