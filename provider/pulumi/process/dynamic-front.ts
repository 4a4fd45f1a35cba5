import type { dynamic } from "@pulumi/pulumi";
import { check } from "../../core/fields/check";
import type { Clock } from "../../core/clock";
import { diff } from "../../core/fields/diff";
import { ConfigError, IncompleteError, InputError, messageOf, TimeoutError } from "../../core/errors";
import type { FieldTable } from "../../core/fields/fields";
import type { IdMemory } from "../../core/lifecycle/id-memory";
import { withRecordedElements } from "../../core/fields/ignored-elements";
import { inWords, type Tenancy } from "../../core/lifecycle/tenancy";
import { Findings } from "../../core/fields/findings";
import type { Connection, Context, Log, ResourceDefinition } from "../../core/lifecycle/definition";
import type { ConfigLookup } from "../../core/settings/settings";
import { containsUnknown } from "../../core/fields/unknown";
import { Unshown } from "../../core/lifecycle/unshown";
import { untilAborted } from "../../core/until-aborted";
import {
  asOfToday,
  bagOfInputs,
  carriedOver,
  HIDDEN_BAG,
  hiddenBagIn,
  identityIn,
  tenancyIn,
  type HiddenBag,
  type Learnt,
} from "../hidden-bag";
import { InitFailure } from "./init-failure";
import { StoredForm, type Bags, type Values } from "./stored-form";
import { fromPulumi, toPulumi, type Bag } from "../wire";
import { configLookup } from "./config-lookup";

/** The front handles resources of every kind alike; their own types end at the definition. */
interface AnyDefinition extends Pick<
  ResourceDefinition,
  "token" | "noun" | "fields" | "outputs" | "normaliseId" | "crossCheck"
> {
  readonly refusedArguments?: Readonly<Record<string, string>>;
  create(ctx: Context, inputs: Values): Promise<{ id: string; state: Values }>;
  read(ctx: Context, id: string, recorded: Values): Promise<Values | undefined>;
  update(ctx: Context, id: string, recorded: Values, inputs: Values): Promise<Values>;
  delete(ctx: Context, id: string, recorded: Values): Promise<void>;
}
type Operation = "create" | "read" | "update" | "delete";

/** What an operation is about. */
interface Subject {
  /** Absent where the stack has an entry that was not made by the class. */
  readonly bags: Bags | undefined;
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
  /** What is to be said of a connection that believes anybody, when it is used for the first time; `undefined` for all others. */
  adviceOn(connection: Connection): string | undefined;
  /** Whether something is to be said for the first time in this process. */
  isNews(message: string): boolean;
  /** Told of errors that Pulumi's process will print besides the engine; what it prints is then left out. */
  silence(line: string): void;
  /** The ids this process has met in the resource's cloud. */
  readonly ids: IdMemory;
}

const MS_PER_SECOND = 1000;

/**
 * With `--continue-on-error` the engine leaves out whatever comes from a resource that has failed. Without a word the resource would be made
 * as if it had not been given, or an update would clear it.
 */
const LOST_VALUE =
  "is not known: the resource that it comes from has failed. Mend that one, then run the command again.";

/**
 * Presents a resource to Pulumi's dynamic provider process. Everything Pulumi-specific of an operation is here: hidden bag,
 * secrets, unknown values, deadlines, and how results and failures must look so that the engine loses nothing.
 */
export class DynamicFront implements dynamic.ResourceProvider {
  private config: ConfigLookup = () => undefined;
  /** What each resource of the program carries today, by its key: what is recorded keeps the form of the first time. */
  private readonly today = new Map<string, HiddenBag>();

  private readonly stored: StoredForm;

  constructor(
    private readonly definition: AnyDefinition,
    private readonly host: FrontHost,
  ) {
    this.stored = new StoredForm(definition.fields);
  }

  /** Only keeps the configuration. A refresh starts reading before an asynchronous `configure` would have ended. */
  configure(request: dynamic.ConfigureRequest): Promise<void> {
    this.config = configLookup(request.config);
    return Promise.resolve();
  }

  check(olds: Bag, news: Bag): Promise<dynamic.CheckResult<Bag>> {
    return this.guarded(() => {
      const previous = hiddenBagIn(olds);
      const bag = carriedOver(previous, this.requireBag(news));
      this.today.set(bag.key, bag);
      this.addSecretSite(bag);
      const recorded = argumentsIn(olds);
      const given = this.withRecorded(argumentsIn(news), recorded, bag);
      const lost = (bag.unknown ?? []).filter((name) => !containsUnknown(given[name]));
      this.host.addSecrets([...this.stored.secretsIn(given, bag), ...this.stored.secretsIn(recorded, bag)]);
      const { inputs, findings } = check(this.definition, given, bag, recorded);
      this.host.addSecrets(this.stored.secretsIn(inputs, bag));
      this.advise(findings, bag, recorded);
      // The path stands in the text and not in `property`: Pulumi prints the value of a property it knows, secret or not.
      const failures = [
        ...lost.map((name) => `${name}: ${LOST_VALUE}`),
        ...findings.issues
          .filter(({ path }) => !lost.includes(path))
          .map(({ path, reason }) => `${path}: ${reason}`),
        ...this.connectionProblems(),
      ].map((reason) => ({ property: "", reason: this.host.redact(reason) }));
      const kept = previous === undefined ? inputs : withoutNoise(this.definition.fields, inputs, recorded);
      return Promise.resolve({
        inputs: {
          ...this.stored.checked(kept, given),
          [HIDDEN_BAG]: previous === undefined ? toPulumi(bagOfInputs(bag)) : olds[HIDDEN_BAG],
        },
        failures,
      });
    });
  }

  diff(id: string, olds: Bag, news: Bag): Promise<dynamic.DiffResult> {
    return this.guarded<dynamic.DiffResult>(() => {
      this.hold(id, olds, news);
      const { changed, replaces } = this.difference(id, olds, news);
      if (changed.length > 0) {
        // Without `changes` the engine works out the exact property paths itself, from the inputs.
        return Promise.resolve({ replaces: [...replaces], deleteBeforeReplace: true });
      }
      return Promise.resolve({ changes: isStubChanged(olds, news) });
    });
  }

  create(inputs: Bag): Promise<dynamic.CreateResult<Bag>> {
    const bags = this.bagsIn(inputs);
    return this.operation("create", { bags, properties: inputs }, async (ctx) => {
      const declared = argumentsIn(inputs);
      const { id, state } = await this.definition.create(ctx, declared);
      this.host.ids.hold(id, bags?.today.key);
      return { id, outs: this.outputs(state, declared, bags, await this.learntBy(ctx)) };
    });
  }

  read(id: string, props: Bag): Promise<dynamic.ReadResult<Bag>> {
    return this.guarded(() => this.readCanonical(this.canonicalId(id), props));
  }

  private readCanonical(id: string, props: Bag): Promise<dynamic.ReadResult<Bag>> {
    const bags = this.bagsIn(props);
    return this.operation("read", { bags, properties: props, recorded: props }, async (ctx) => {
      const isOnlyRead = bags?.today.get === true;
      if (!isOnlyRead) {
        this.host.ids.meet(id, bags?.today.key);
      }
      const recorded = argumentsIn(props);
      const state = await this.definition.read(ctx, id, recorded);
      if (state === undefined) {
        if (isOnlyRead && Object.keys(recorded).length === 0) {
          throw await this.notFound(id, ctx);
        }
        return { id: "", props: {} };
      }
      return {
        id,
        props: this.outputs(state, recorded, bags, await this.learntBy(ctx)),
        inputs: this.stored.inputs(state, recorded, bags),
      };
    });
  }

  update(id: string, olds: Bag, news: Bag): Promise<dynamic.UpdateResult<Bag>> {
    const bags = this.bagsIn(news);
    return this.operation("update", { bags, properties: news, recorded: olds }, async (ctx) => {
      this.hold(id, olds, news);
      const recorded = argumentsIn(olds);
      if (isStubChanged(olds, news) && this.difference(id, olds, news).changed.length === 0) {
        return { outs: this.outputs(recorded, recorded, bags, hiddenBagIn(olds) ?? {}) };
      }
      const declared = argumentsIn(news);
      const state = await this.definition.update(ctx, id, recorded, declared);
      return { outs: this.outputs(state, declared, bags, await this.learntBy(ctx)) };
    });
  }

  delete(id: string, props: Bag): Promise<void> {
    const bags = this.bagsIn(props);
    return this.operation("delete", { bags, properties: props, recorded: props }, async (ctx) => {
      const recorded = argumentsIn(props);
      if (!this.host.ids.release(id, bags?.today.key)) {
        ctx.log.warn(
          `The ${this.definition.noun} ${id} is left alone: another resource of this stack stands for it, too.`,
        );
        return;
      }
      this.tellOfSharing(ctx.log, recorded);
      await this.definition.delete(ctx, id, recorded);
    });
  }

  /** Arguments with what the program ignores by position as recorded. */
  private withRecorded(given: Values, recorded: Values, bag: HiddenBag | undefined): Values {
    return bag?.ignored === undefined
      ? given
      : withRecordedElements(this.definition.fields, given, recorded, bag.ignored);
  }

  /** Prints what is to be said about values that are new or have changed; about the others it was said before. */
  private advise(findings: Findings, bag: HiddenBag, recorded: Values): void {
    const isNew = Object.keys(recorded).length === 0;
    const said = isNew ? [] : check(this.definition, recorded, bag, recorded).findings.advice;
    for (const { path, reason } of findings.advice) {
      if (!said.some((before) => before.path === path && before.reason === reason)) {
        this.host.log(bag.urn).warn(`${path}: ${reason}`);
      }
    }
  }

  /** What can be told of the connection without using it, so that a preview does not promise what cannot be done. */
  private connectionProblems(): string[] {
    try {
      this.host.connect(this.config).verifySettings();
      return [];
    } catch (error) {
      if (!(error instanceof ConfigError)) {
        throw error;
      }
      const [firstLine = ""] = error.message.split("\n", 1);
      return [this.host.isNews(error.message) ? error.message : firstLine];
    }
  }

  /**
   * Notes that a resource of the program stands for an object, and refuses that two of them do. A refresh compares, too, also what is in the
   * stack only; what the program declares was checked before.
   */
  private hold(id: string, olds: Bag, news: Bag): void {
    const keys = [hiddenBagIn(news)?.key, hiddenBagIn(olds)?.key];
    if (!keys.some((key) => key !== undefined && this.today.has(key))) {
      this.host.ids.meet(id, keys[0]);
      return;
    }
    if (keys.every((key) => this.host.ids.isHeldByAnother(id, key))) {
      throw new InputError(
        `Another resource of this program stands for the ${this.definition.noun} ${id}, too.`,
        {
          hint: "One object can be managed by one resource only. Remove one of the two from the program, or let it stand for another object; the object itself is left alone.",
        },
      );
    }
    this.host.ids.hold(id, ...keys);
  }

  /**
   * In a plain `destroy`, or with `--target`, the process does not see the other resources of the stack. Says once what that may mean, where a
   * resource may have got its object from another one.
   */
  private tellOfSharing(log: Log, recorded: Values): void {
    // What has no `adopt` takes over whatever is there.
    const { adopt = "adopt" in this.definition.fields ? "never" : "any" } = recorded;
    const note =
      "Deletes without having seen the whole program. Where another resource of this stack stands for the same object, as it may after a rename without an alias, that one loses it.";
    if (adopt !== "never" && !this.host.ids.hasMetProgram && this.host.isNews(note)) {
      log.note(note);
    }
  }

  private difference(id: string, olds: Bag, news: Bag): ReturnType<typeof diff> {
    const recorded = argumentsIn(olds);
    // In a refresh, what is compared with the live object was not checked just now.
    const declared = this.withRecorded(argumentsIn(news), recorded, this.bagsIn(olds)?.today);
    return diff(this.definition.fields, recorded, declared, id);
  }

  /** Runs one lifecycle function with everything it needs, under its deadline. */
  private operation<T>(
    kind: Operation,
    { bags, properties, recorded = {} }: Subject,
    body: (ctx: Context) => Promise<T>,
  ): Promise<T> {
    return this.guarded(() =>
      this.host.run(async () => {
        const bag = bags?.today;
        this.addSecretSite(bag);
        for (const values of [properties, recorded]) {
          this.host.addSecrets(this.stored.secretsIn(argumentsIn(values), bag));
        }
        const connection = this.host.connect(this.config);
        const recordedTenancy = tenancyIn(hiddenBagIn(recorded));
        const unshown = new Unshown(hiddenBagIn(recorded)?.unshown);
        const deadline = deadlineOf(kind, bag);
        const signal = AbortSignal.any([this.host.signal, deadline.signal]);
        try {
          this.adviseOn(connection, recordedTenancy);
          await untilAborted(connection.ready(), signal);
          return await body({
            connection,
            signal,
            clock: this.host.clock,
            log: this.host.log(bag?.urn),
            identity: identityIn(bag),
            ids: this.host.ids,
            recordedTenancy,
            unshown,
            secretArguments: bag?.secrets,
          });
        } catch (error) {
          if (error instanceof IncompleteError) {
            const tenancy = await this.tenancyOf(connection).catch(() => recordedTenancy);
            throw this.initFailure(error, properties, bags, { tenancy, unshown: unshown.recorded });
          }
          throw error;
        } finally {
          deadline.clear();
        }
      }),
    );
  }

  /** Warns of a connection that believes anybody: when an object is first seen through it, and not in every run. */
  private adviseOn(connection: Connection, recorded: Tenancy | undefined): void {
    const advice = this.host.adviceOn(connection);
    if (advice !== undefined && recorded?.unverified !== true && this.host.isNews(advice)) {
      this.host.log(undefined).warn(advice);
    }
  }

  private async learntBy({ connection, unshown }: Context): Promise<Learnt> {
    return { tenancy: await this.tenancyOf(connection), unshown: unshown?.recorded };
  }

  private async tenancyOf(connection: Connection): Promise<Tenancy> {
    const tenancy = await connection.tenancy();
    return this.host.adviceOn(connection) === undefined ? tenancy : { ...tenancy, unverified: true };
  }

  /** The form in which the engine keeps an object that exists but is not as asked. */
  private initFailure(
    error: IncompleteError,
    given: Bag,
    bags: Bags | undefined,
    learnt: Learnt,
  ): InitFailure {
    this.host.ids.hold(error.id, bags?.today.key);
    const properties = {
      ...this.outputs({ ...error.state }, argumentsIn(given), bags, learnt),
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
      // The dynamic provider process prints `${error}: ${error.stack}` on the row of the stack, besides the message that the engine shows
      // on the resource's own row.
      const [firstLine = ""] = message.split("\n", 1);
      this.host.silence(`${this.definition.noun}: ${firstLine}`);
      throw Object.assign(new Error(message), {
        stack: firstLine,
        name: this.definition.noun,
        toString: () => this.definition.noun,
      });
    }
  }

  /** What state stores of an object; see {@link StoredForm.outputs}. */
  private outputs(state: Values, known: Values, bags: Bags | undefined, learnt: Learnt): Bag {
    // Somebody else may have put them on the server: from now on they are kept out of messages, too.
    this.host.addSecrets(this.stored.secretsIn(state, bags?.today));
    const { site = "" } = learnt.tenancy ?? {};
    // Whoever keeps the address secret in the settings does not want it in every resource.
    return this.stored.outputs(state, known, bags, learnt, this.host.redact(site) !== site);
  }

  /** The process is not told which settings of the stack config are secret; the program is. */
  private addSecretSite(bag: HiddenBag | undefined): void {
    if (bag?.secretSite === true) {
      const [cloud] = this.definition.token.split(":");
      this.host.addSecrets([this.config(`${cloud}:endpoint`)]);
    }
  }

  private bagsIn(properties: Bag): Bags | undefined {
    const recorded = hiddenBagIn(properties);
    return recorded === undefined
      ? undefined
      : { recorded, today: this.today.get(recorded.key) ?? asOfToday(recorded) };
  }

  /** A person may have written it, for `get` or into an import. */
  private canonicalId(given: string): string {
    const findings = new Findings();
    const id =
      this.definition.normaliseId === undefined ? given : this.definition.normaliseId(given, "id", findings);
    if (id === undefined) {
      const { reason } = findings.issues[0] ?? {
        reason: "is missing. Give the id of an object that exists.",
      };
      throw new InputError(`id: ${reason}`, { facts: { Resource: this.definition.noun } });
    }
    return id;
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
      facts: { "Looked in": inWords(await ctx.connection.tenancy()) },
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

/** Inputs with arguments that describe nothing on the server as they were recorded: a change of them is no change, and must not show as one. */
function withoutNoise(fields: FieldTable, inputs: Values, recorded: Values): Values {
  const result = { ...inputs };
  for (const [name, { change }] of Object.entries(fields)) {
    if (change === "ignored") {
      result[name] = recorded[name];
    }
  }
  return result;
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
