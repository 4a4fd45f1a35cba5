import { createHash } from "node:crypto";
import * as pulumi from "@pulumi/pulumi";
import type { Field } from "../../core/fields/fields";
import { Findings } from "../../core/fields/findings";
import type { ResourceDefinition } from "../../core/lifecycle/definition";
import { namesPosition } from "../../core/fields/ignored-elements";
import { durationSeconds } from "./duration";
import { HIDDEN_BAG, type HiddenBag } from "../hidden-bag";
import { lastTransformation, runLastTransformationsLast } from "./last-transformation";
import { PromiseStacks } from "./promise-stacks";
import { argumentValue, canonicalPaths, notesOn, type ArgumentNotes } from "./argument-values";
import { isSecretInConfig } from "./secret-config";
import { stubFor } from "../stub";

type Fields = Readonly<Record<string, Field>>;

// A definition of any resource; here only its data is looked at.
// eslint-disable-next-line @typescript-eslint/no-explicit-any
type AnyResource = ResourceDefinition<any, any, any>;
type AnyDefinition = Pick<AnyResource, "token" | "noun" | "fields" | "outputs" | "normaliseId">;

/** The outputs of a resource: one for each member of its state. */
export type OutputsOf<State> = { readonly [K in keyof State]-?: pulumi.Output<State[K]> };

/** What a resource class can do without an instance. */
export interface ResourceStatics<Self> {
  /**
   * Reads an existing object without managing it: it is never changed or deleted. Fails when it does not exist.
   *
   * @param name the Pulumi name to show it under
   * @param id the object's id, as the resource's own documentation describes it
   */
  get(name: string, id: pulumi.Input<string>, opts?: pulumi.CustomResourceOptions): Self;
  /** Whether `value` is a resource of this kind, also one of another copy of this package. */
  isInstance(value: unknown): value is Self;
}

/** A resource class with a required argument. */
export interface ResourceClassWithRequired<Args, State, Self> extends ResourceStatics<Self> {
  new (
    name: string,
    args: Args,
    opts?: pulumi.CustomResourceOptions,
  ): pulumi.CustomResource & OutputsOf<State>;
}

/** A resource class whose arguments may all be left out. */
export interface ResourceClassWithoutRequired<Args, State, Self> extends ResourceStatics<Self> {
  new (
    name: string,
    args?: Args,
    opts?: pulumi.CustomResourceOptions,
  ): pulumi.CustomResource & OutputsOf<State>;
}

/** The class of a kind of resource. */
export type ResourceClass<Args, State, Self> =
  Record<never, never> extends Args
    ? ResourceClassWithoutRequired<Args, State, Self>
    : ResourceClassWithRequired<Args, State, Self>;

/**
 * The class that programs use, made from a definition. A named class extends it, so that editors and errors say its name:
 *
 *     export class Topic extends resourceClass<TopicArgs, TopicState, Topic>(definitions.Topic) {}
 */
export function resourceClass<Args extends object, State extends object, Self>(
  definition: AnyDefinition,
): ResourceClass<Args, State, Self> {
  const made = class extends ManagedResource {
    /** @internal */
    static readonly __pulumiType = typeOf(definition.token);

    constructor(name: string, args?: object, opts?: pulumi.CustomResourceOptions) {
      super(definition, name, args, opts);
    }

    static get(name: string, id: pulumi.Input<string>, opts?: pulumi.CustomResourceOptions): unknown {
      return new this(name, {}, existing(id, opts, definition));
    }

    static override isInstance(value: unknown): value is never {
      return isOfType(value, definition.token);
    }
  };
  // The members of instances are set by Pulumi, from the properties: no class body could declare them for every kind.
  return made as unknown as ResourceClass<Args, State, Self>;
}

/**
 * The base of every resource class. Registers a dynamic resource whose "code" is only the name of ours, so that the installed
 * package runs it; see `stub.ts`. Arguments and options are prepared for the engine when all transformations have run; these see
 * what the program wrote.
 */
abstract class ManagedResource extends pulumi.CustomResource {
  protected constructor(
    definition: AnyDefinition,
    name: string,
    args: object | undefined,
    opts: pulumi.CustomResourceOptions = {},
  ) {
    const stacks = new PromiseStacks();
    // The last of all transformations: what runs after it is Pulumi's alone.
    const last = lastTransformation((props, final) => {
      const result = prepared(definition, name, props, final);
      stacks.suppress();
      return result;
    });
    try {
      super(
        typeOf(definition.token),
        name,
        { ...args },
        { ...opts, transformations: [...(opts.transformations ?? []), last] },
      );
    } catch (error) {
      throw stacks.traced(error, new.target);
    } finally {
      stacks.restore();
    }
    for (const [output, { isId }] of Object.entries(definition.outputs as Record<string, { isId?: true }>)) {
      if (isId === true) {
        // The id stays known in the preview of an update, where other outputs do not.
        (this as Record<string, unknown>)[output] = this.id;
      }
    }
  }
}

runLastTransformationsLast(ManagedResource.prototype);

/** Arguments and options as they go to the engine. */
function prepared(
  definition: AnyDefinition,
  name: string,
  args: Readonly<Record<string, unknown>>,
  opts: pulumi.CustomResourceOptions,
): { props: pulumi.Inputs; opts: pulumi.CustomResourceOptions } {
  refuseImport(definition, opts);
  const fields = definition.fields as Fields;
  const paths = canonicalPaths(fields, args, opts.ignoreChanges ?? []);
  const isByPosition = (path: string): boolean => namesPosition(fields, path);
  const ignoreChanges = paths.filter((path) => !isByPosition(path));
  return {
    props: propertiesOf(definition, name, args, opts, paths.filter(isByPosition)),
    opts: optionsOf(definition, opts.ignoreChanges === undefined ? opts : { ...opts, ignoreChanges }),
  };
}

/** The options that make a resource class read an existing object instead of managing one. */
function existing(
  id: pulumi.Input<pulumi.ID>,
  opts: pulumi.CustomResourceOptions = {},
  { noun, normaliseId }: Pick<AnyDefinition, "noun" | "normaliseId">,
): pulumi.CustomResourceOptions {
  // What cannot be an id is left to the read, whose failure is shown at the resource.
  const canonical = (given: pulumi.ID): pulumi.ID => normaliseId?.(given, "id", new Findings()) ?? given;
  if (pulumi.Output.isInstance(id) || id instanceof Promise) {
    return { ...opts, id: pulumi.output(id).apply(canonical) };
  }
  // Without an id Pulumi would make a new object. The types tell this to TypeScript only.
  if (String((id as pulumi.ID | null | undefined) ?? "").trim() === "") {
    throw new pulumi.RunError(`The id of the ${noun} to get is missing. Give the id of one that exists.`);
  }
  return { ...opts, id: canonical(id) };
}

/**
 * Whether a value is a resource of this kind: by its type alone, as Pulumi's generated packages do it. A policy pack asks with an object that
 * has nothing else, and calls `isInstance` without its class.
 */
function isOfType(value: unknown, token: string): boolean {
  return (value as { __pulumiType?: unknown } | null | undefined)?.__pulumiType === typeOf(token);
}

/** The type under which Pulumi knows a resource. */
function typeOf(token: string): string {
  return `pulumi-nodejs:dynamic/${token}`;
}

function refuseImport(definition: AnyDefinition, opts: pulumi.CustomResourceOptions): void {
  if (opts.import !== undefined) {
    // Pulumi prints a RunError as one sentence, and any other error with a stack.
    throw new pulumi.RunError(
      `Pulumi cannot import this ${definition.noun}: the resource option "import" does not work for dynamic resources. Remove it` +
        ("adopt" in (definition.fields as object)
          ? ', and give the argument adopt: { id: "…" } instead, which takes the existing object over if it is as declared.'
          : ": what is there already is taken over anyway."),
    );
  }
}

function propertiesOf(
  definition: AnyDefinition,
  name: string,
  args: Readonly<Record<string, unknown>>,
  opts: pulumi.CustomResourceOptions,
  ignored: string[],
): pulumi.Inputs {
  const fields = definition.fields as Fields;
  const properties: pulumi.Inputs = { __provider: stubFor(definition.token) };
  for (const output of [...Object.keys(fields), ...Object.keys(definition.outputs as object)]) {
    // Declares the output: without a key here the property would not exist on the resource.
    properties[output] = undefined;
  }
  if (opts.id !== undefined) {
    properties[HIDDEN_BAG] = bagOf(definition, name, opts);
    return properties;
  }
  for (const [argument, value] of Object.entries(args)) {
    properties[argument] = argumentValue(fields[argument], value);
  }
  properties[HIDDEN_BAG] = bagOf(definition, name, opts, {
    notes: notesOn(fields, args, opts.ignoreChanges ?? []),
    ignored,
  });
  return properties;
}

function optionsOf(
  definition: AnyDefinition,
  opts: pulumi.CustomResourceOptions,
): pulumi.CustomResourceOptions {
  const fields = definition.fields as Fields;
  return {
    ...pulumi.mergeOptions(opts, {
      additionalSecretOutputs: Object.keys(fields).filter((field) => fields[field]?.secret === true),
    }),
    // Objects are found by uuid or name, so that a replacement made first would find its own predecessor.
    deleteBeforeReplace: true,
  };
}

/** What the bag tells of the arguments. */
interface OfArguments {
  readonly notes: Promise<ArgumentNotes>;
  readonly ignored: string[];
}

/** Promises, not outputs: an output would make every resource depend on its siblings through their common parent. */
async function bagOf(
  definition: AnyDefinition,
  name: string,
  opts: pulumi.CustomResourceOptions,
  ofArguments?: OfArguments,
): Promise<HiddenBag> {
  const type = typeOf(definition.token);
  const urn = await new Promise<string>((resolve) =>
    pulumi.createUrn(name, type, opts.parent).apply(resolve),
  );
  const timeouts = timeoutsOf(opts.customTimeouts);
  const { secrets, unknown } = (await ofArguments?.notes) ?? { secrets: [], unknown: [] };
  const ignored = ofArguments?.ignored ?? [];
  return {
    v: 1,
    key: createHash("sha256").update(`${organization()}\n${urn}`).digest("hex"),
    name,
    urn,
    ...(timeouts === undefined ? {} : { timeouts }),
    ...(opts.id === undefined ? {} : { get: true as const }),
    ...(secrets.length === 0 ? {} : { secrets }),
    ...(isSecretInConfig(`${definition.token.split(":")[0]}:endpoint`) ? { secretSite: true as const } : {}),
    ...(unknown.length === 0 ? {} : { unknown }),
    ...(ignored.length === 0 ? {} : { ignored }),
  };
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
