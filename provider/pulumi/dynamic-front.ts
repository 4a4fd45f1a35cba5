import type { dynamic } from "@pulumi/pulumi";
import { check } from "../core/check";
import type { Clock } from "../core/clock";
import { diff } from "../core/diff";
import { IncompleteError, InputError, messageOf, TimeoutError } from "../core/errors";
import type { IdMemory } from "../core/id-memory";
import { inWords, type Place } from "../core/place";
import type { Connection, Context, Log, ResourceDefinition } from "../core/resource";
import type { ConfigLookup } from "../core/settings";
import { untilAborted } from "../core/until-aborted";
import { carriedOver, HIDDEN_BAG, hiddenBagIn, identityIn, placeIn, type HiddenBag } from "./hidden-bag";
import { InitFailure } from "./init-failure";
import { fromPulumi, secretEnvelope, toPulumi, type Bag } from "./wire";
import { configLookup } from "./config-lookup";

/** The front handles resources of every kind alike; their own types end at the definition. */
interface AnyDefinition extends Pick<
  ResourceDefinition,
  "token" | "noun" | "fields" | "outputs" | "crossCheck"
> {
  readonly refusedArguments?: Readonly<Record<string, string>>;
  create(ctx: Context, inputs: Values): Promise<{ id: string; state: Values }>;
  read(ctx: Context, id: string, recorded: Values): Promise<Values | undefined>;
  update(ctx: Context, id: string, recorded: Values, inputs: Values): Promise<Values>;
  delete(ctx: Context, id: string, recorded: Values): Promise<void>;
}
type Operation = "create" | "read" | "update" | "delete";
type Values = Record<string, unknown>;

/** What an operation is about. */
interface Subject {
  /** Of today, where there is a program; else the recorded one. */
  readonly bag: HiddenBag | undefined;
  /** What is to be, or what is when nothing is to change. */
  readonly properties: Bag;
  /** What was written down before. */
  readonly recorded?: Bag;
}

/** What the front needs from the process it runs in. */
export interface FrontHost {
  readonly clock: Clock;
  /** Runs an operation under the life of the process. */
  run<T>(operation: () => Promise<T>): Promise<T>;
  /** Aborted when the process must stop. */
  readonly signal: AbortSignal;
  log(urn: string | undefined): Log;
  /** Masks everything secret in a text. */
  redact(text: string): string;
  /** Makes values that must never be shown known to `redact`. */
  addSecrets(values: readonly unknown[]): void;
  /** The connection of the resource's cloud. Throws `ConfigError`. */
  connect(config: ConfigLookup): Connection;
  /** The ids this process has met in the resource's cloud. */
  readonly ids: IdMemory;
}

const MS_PER_SECOND = 1000;

/**
 * Presents a resource to Pulumi's dynamic provider process. Everything Pulumi-specific of an operation is here: hidden bag,
 * secrets, unknown values, deadlines, and how results and failures must look so that the engine loses nothing.
 */
export class DynamicFront implements dynamic.ResourceProvider {
  private config: ConfigLookup = () => undefined;

  constructor(
    private readonly definition: AnyDefinition,
    private readonly host: FrontHost,
  ) {}

  /** Only keeps the configuration. A refresh starts reading before an asynchronous `configure` would have ended. */
  configure(request: dynamic.ConfigureRequest): Promise<void> {
    this.config = configLookup(request.config);
    return Promise.resolve();
  }

  check(olds: Bag, news: Bag): Promise<dynamic.CheckResult<Bag>> {
    return this.guarded(() => {
      const bag = carriedOver(hiddenBagIn(olds), this.requireBag(news));
      const identity = { key: bag.key, name: bag.name };
      const { inputs, report } = check(this.definition, argumentsIn(news), identity, argumentsIn(olds));
      const log = this.host.log(bag.urn);
      for (const { path, reason } of report.advice) {
        log.warn(`${path}: ${reason}`);
      }
      // The path stands in the text and not in `property`: Pulumi prints the value of a property it knows, secret or not.
      const failures = report.issues.map(({ path, reason }) => ({
        property: "",
        reason: this.host.redact(`${path}: ${reason}`),
      }));
      return Promise.resolve({ inputs: { ...(toPulumi(inputs) as Bag), [HIDDEN_BAG]: bag }, failures });
    });
  }

  diff(id: string, olds: Bag, news: Bag): Promise<dynamic.DiffResult> {
    return this.guarded<dynamic.DiffResult>(() => {
      this.host.ids.markSeen(id);
      const { changed, replaces } = this.difference(id, olds, news);
      if (changed.length > 0) {
        // Without `changes` the engine works out the exact property paths itself, from the inputs.
        return Promise.resolve({ replaces: [...replaces], deleteBeforeReplace: true });
      }
      return Promise.resolve({ changes: isStubChanged(olds, news) });
    });
  }

  create(inputs: Bag): Promise<dynamic.CreateResult<Bag>> {
    const bag = hiddenBagIn(inputs);
    return this.operation("create", { bag, properties: inputs }, async (ctx) => {
      const { id, state } = await this.definition.create(ctx, argumentsIn(inputs));
      this.host.ids.markSeen(id);
      return { id, outs: this.outputs(state, bag, await ctx.connection.place()) };
    });
  }

  read(id: string, props: Bag): Promise<dynamic.ReadResult<Bag>> {
    const bag = hiddenBagIn(props);
    return this.operation("read", { bag, properties: props, recorded: props }, async (ctx) => {
      this.host.ids.markSeen(id);
      const recorded = argumentsIn(props);
      const state = await this.definition.read(ctx, id, recorded);
      if (state === undefined) {
        if (bag?.get === true && Object.keys(recorded).length === 0) {
          throw await this.notFound(id, ctx);
        }
        return { id: "", props: {} };
      }
      return {
        id,
        props: this.outputs(state, bag, await ctx.connection.place()),
        inputs: this.inputs(state, bag),
      };
    });
  }

  update(id: string, olds: Bag, news: Bag): Promise<dynamic.UpdateResult<Bag>> {
    const bag = hiddenBagIn(news);
    return this.operation("update", { bag, properties: news, recorded: olds }, async (ctx) => {
      this.host.ids.markSeen(id);
      const recorded = argumentsIn(olds);
      if (isStubChanged(olds, news) && this.difference(id, olds, news).changed.length === 0) {
        return { outs: this.outputs(recorded, bag, placeIn(hiddenBagIn(olds))) };
      }
      const state = await this.definition.update(ctx, id, recorded, argumentsIn(news));
      return { outs: this.outputs(state, bag, await ctx.connection.place()) };
    });
  }

  delete(id: string, props: Bag): Promise<void> {
    const bag = hiddenBagIn(props);
    return this.operation("delete", { bag, properties: props, recorded: props }, async (ctx) => {
      // A resource that got another name in the program is created before the old one is deleted, and may have taken the object over.
      if (this.host.ids.isTakenByAnother(id, bag?.key)) {
        ctx.log.warn(
          `The ${this.definition.noun} ${id} is left alone: another resource of this program took it over.`,
        );
        return;
      }
      this.host.ids.markSeen(id);
      await this.definition.delete(ctx, id, argumentsIn(props));
    });
  }

  private difference(id: string, olds: Bag, news: Bag): ReturnType<typeof diff> {
    return diff(this.definition.fields, argumentsIn(olds), argumentsIn(news), id);
  }

  /** Runs one lifecycle function with everything it needs, under its deadline. */
  private operation<T>(
    kind: Operation,
    { bag, properties, recorded = {} }: Subject,
    body: (ctx: Context) => Promise<T>,
  ): Promise<T> {
    return this.guarded(() =>
      this.host.run(async () => {
        for (const values of [properties, recorded]) {
          this.host.addSecrets(this.secretsIn(argumentsIn(values)));
        }
        const connection = this.host.connect(this.config);
        const recordedPlace = placeIn(hiddenBagIn(recorded));
        const deadline = deadlineOf(kind, bag);
        const signal = AbortSignal.any([this.host.signal, deadline.signal]);
        try {
          await untilAborted(connection.ready(), signal);
          return await body({
            connection,
            signal,
            clock: this.host.clock,
            log: this.host.log(bag?.urn),
            identity: identityIn(bag),
            ids: this.host.ids,
            recordedPlace,
          });
        } catch (error) {
          if (error instanceof IncompleteError) {
            const place = await connection.place().catch(() => recordedPlace);
            throw this.initFailure(error, properties, place);
          }
          throw error;
        } finally {
          deadline.clear();
        }
      }),
    );
  }

  /** The form in which the engine keeps an object that exists but is not as asked. */
  private initFailure(error: IncompleteError, given: Bag, place: Place | undefined): InitFailure {
    this.host.ids.markSeen(error.id);
    const bag = hiddenBagIn(given);
    const properties = {
      ...this.outputs({ ...error.state }, bag, place),
      // Without it the engine could neither refresh nor delete the object.
      __provider: given["__provider"],
    };
    return new InitFailure(
      this.host.redact(error.message),
      error.id,
      properties,
      error.reasons.map((reason) => this.host.redact(reason)),
    );
  }

  /** Turns whatever was thrown into what the engine may see: one short, redacted message without a stack of ours. */
  private async guarded<T>(body: () => Promise<T>): Promise<T> {
    try {
      return await body();
    } catch (error) {
      if (error instanceof InitFailure) {
        throw error;
      }
      const message = this.host.redact(messageOf(error));
      // The dynamic provider process prints `${error}: ${error.stack}` on the row of the stack, for every resource, besides the
      // message that the engine shows on the resource's own row.
      const [firstLine] = message.split("\n", 1);
      throw Object.assign(new Error(message), {
        stack: firstLine,
        name: this.definition.noun,
        toString: () => this.definition.noun,
      });
    }
  }

  private outputs(state: Values, bag: HiddenBag | undefined, place: Place | undefined): Bag {
    // Somebody else may have put them on the server: from now on they are kept out of messages, too.
    this.host.addSecrets(this.secretsIn(state));
    return {
      ...this.withEnvelopes(toPulumi(state) as Bag),
      ...(bag === undefined ? {} : { [HIDDEN_BAG]: toPulumi({ ...bag, place }) }),
    };
  }

  private inputs(state: Values, bag: HiddenBag | undefined): Bag {
    const inputs = Object.fromEntries(Object.keys(this.definition.fields).map((name) => [name, state[name]]));
    return {
      ...this.withEnvelopes(toPulumi(inputs) as Bag),
      ...(bag === undefined ? {} : { [HIDDEN_BAG]: toPulumi({ ...bag, place: undefined }) }),
    };
  }

  /** Pulumi marks a secret again only where it has seen one under the same name before; the envelope works from the start. */
  private withEnvelopes(values: Bag): Bag {
    return Object.fromEntries(
      Object.entries(values).map(([name, value]) => [
        name,
        this.isSecret(name) ? secretEnvelope(value) : value,
      ]),
    );
  }

  private secretsIn(values: Values): unknown[] {
    return Object.entries(values).flatMap(([name, value]) => (this.isSecret(name) ? [value] : []));
  }

  private isSecret(name: string): boolean {
    return this.definition.fields[name]?.secret === true;
  }

  private requireBag(news: Bag): HiddenBag {
    const bag = hiddenBagIn(news);
    if (bag === undefined) {
      throw new InputError(
        `This ${this.definition.noun} was not declared with the class of pulumi-dingtalk.`,
      );
    }
    return bag;
  }

  private async notFound(id: string, ctx: Context): Promise<InputError> {
    return new InputError(`There is no ${this.definition.noun} with the id ${id}.`, {
      facts: { "Looked in": inWords(await ctx.connection.place()) },
      hint: "Check the id, and that this account may see the object.",
    });
  }
}

/** The values of a property bag without what Pulumi and this package add. */
function argumentsIn(bag: Bag): Values {
  return Object.fromEntries(
    Object.entries(bag).flatMap(([name, value]) =>
      name.startsWith("__") ? [] : [[name, fromPulumi(value)]],
    ),
  );
}

function isStubChanged(olds: Bag, news: Bag): boolean {
  return olds["__provider"] !== news["__provider"];
}

function deadlineOf(kind: Operation, bag: HiddenBag | undefined): { signal: AbortSignal; clear(): void } {
  const controller = new AbortController();
  const seconds = kind === "read" ? undefined : bag?.timeouts?.[kind];
  if (seconds === undefined) {
    return { signal: controller.signal, clear: () => undefined };
  }
  const timer = setTimeout(() => {
    controller.abort(
      new TimeoutError(`The ${kind} did not finish within the ${seconds} seconds of its customTimeouts.`, {
        hint: "Run the command again: it takes up what is there. Give it more time if the service is slow.",
      }),
    );
  }, seconds * MS_PER_SECOND);
  return {
    signal: controller.signal,
    clear: () => {
      clearTimeout(timer);
    },
  };
}
