/**
 * What the Pulumi engine does with state, in small: enough to run a program again and again against provider processes that die.
 *
 * - A create is recorded when it was answered, or when it failed with an object that exists (an init failure). Otherwise nothing is.
 * - A failed update or delete leaves what was recorded.
 * - A replacement deletes first; from then on the old resource is "pending replacement": the next run checks without old inputs and creates.
 * - A provider that died fails everything that comes after, and the run ends.
 */
import { createHash } from "node:crypto";
import { type Bag, type ProviderProcess, ProviderCallError } from "../engine/provider-process";

export type Token =
  | "zstack:DingTalkEndpoint"
  | "zstack:Topic"
  | "zstack:TopicSubscription"
  | "zstack:AlarmAction"
  | "zstack:EventSubscriptionAction"
  | "securitycenter:DingTalkRobot";

/** A resource of a program. */
export interface Declaration {
  readonly name: string;
  readonly token: Token;
  readonly args: Bag;
}

/** A resource in state. */
export interface Recorded {
  readonly name: string;
  readonly id: string;
  readonly inputs: Bag;
  readonly outputs: Bag;
  /** Present after an init failure. */
  readonly initErrors?: readonly string[];
  /** The object is deleted and its successor not yet made. */
  readonly isPendingReplacement?: true;
}

/** What one run did. */
export interface Run {
  /** `"create a"`, `"update b"`, … that succeeded, in order. */
  readonly steps: string[];
  readonly errors: string[];
}

export interface UpOptions {
  /** Resources to replace whatever their diff says, as `--replace` does. */
  readonly replace?: readonly string[];
}

/** As states of the first release hold it. */
function storedStub(token: string): string {
  return (
    `exports.handler=()=>{try{return require("pulumi-dingtalk/runtime").resource(${JSON.stringify(token)})}` +
    'catch(e){if(e.code=="MODULE_NOT_FOUND")e.message=e.stack="pulumi-dingtalk must be a direct dependency of this Pulumi project: ' +
    'npm install pulumi-dingtalk";throw e}}'
  );
}

/** The key of a resource, from which automatic names come. */
export function keyOf(name: string): string {
  return createHash("sha256").update(name).digest("hex");
}

/** The state of one stack. It outlives every provider process and every run. */
export class EngineModel {
  private readonly state = new Map<string, Recorded>();

  get recorded(): readonly Recorded[] {
    return [...this.state.values()];
  }

  /** `pulumi up`. With `isCliAlive` false by the time a call is answered, nothing of it is recorded any more. */
  async up(
    provider: ProviderProcess,
    program: readonly Declaration[],
    options: UpOptions = {},
    isCliAlive: () => boolean = () => true,
  ): Promise<Run> {
    const run = new RunOf(this.state, provider, isCliAlive);
    for (const declaration of program) {
      await run.attempt(`apply ${declaration.name}`, () => run.apply(declaration, options));
    }
    const undeclared = this.recorded.filter(({ name }) => program.every((one) => one.name !== name));
    // The engine deletes nothing once something failed.
    for (const recorded of run.errors.length > 0 ? [] : undeclared.reverse()) {
      await run.attempt(`delete ${recorded.name}`, () => run.delete(recorded));
    }
    return run;
  }

  /** `pulumi refresh`. */
  async refresh(provider: ProviderProcess): Promise<Run> {
    const run = new RunOf(this.state, provider, () => true);
    for (const recorded of this.recorded.filter((one) => one.isPendingReplacement !== true)) {
      await run.attempt(`refresh ${recorded.name}`, () => run.read(recorded));
    }
    return run;
  }
}

class RunOf implements Run {
  readonly steps: string[] = [];
  readonly errors: string[] = [];

  constructor(
    private readonly state: Map<string, Recorded>,
    private readonly provider: ProviderProcess,
    private readonly isCliAlive: () => boolean,
  ) {}

  async attempt(what: string, step: () => Promise<void>): Promise<void> {
    if (!this.isCliAlive()) {
      return;
    }
    try {
      await step();
    } catch (error) {
      if (!(error instanceof ProviderCallError)) {
        throw error;
      }
      this.errors.push(`${what}: ${error.message}`);
    }
  }

  async apply({ name, token, args }: Declaration, options: UpOptions): Promise<void> {
    const declared = { ...args, __dingtalk: { v: 1, key: keyOf(name), name }, __provider: storedStub(token) };
    const old = this.state.get(name);
    if (old === undefined || old.isPendingReplacement === true) {
      await this.create(name, await this.check({}, declared));
      return;
    }
    const inputs = await this.check(old.inputs, declared);
    const diff = await this.provider.diff(old.id, old.outputs, inputs);
    if (diff.replaces.length > 0 || options.replace?.includes(name) === true) {
      const renewed = await this.check({}, declared);
      await this.provider.delete(old.id, old.outputs);
      this.record({ ...old, isPendingReplacement: true });
      await this.create(name, renewed);
      this.steps.push(`replace ${name}`);
      return;
    }
    // "Let the engine compare the inputs".
    const isChanged = diff.changes ?? !isSame(old.inputs, inputs);
    if (isChanged || old.initErrors !== undefined) {
      await this.update(old, inputs);
    } else {
      this.record({ name, id: old.id, inputs, outputs: old.outputs });
    }
  }

  async delete({ name, id, outputs, isPendingReplacement }: Recorded): Promise<void> {
    // Of one that is pending replacement there is nothing left.
    if (isPendingReplacement !== true) {
      await this.provider.delete(id, outputs);
    }
    if (!this.isCliAlive()) {
      return;
    }
    this.state.delete(name);
    this.steps.push(`delete ${name}`);
  }

  async read(old: Recorded): Promise<void> {
    const { id, properties, inputs } = await this.provider.read(old.id, {
      ...old.outputs,
      __provider: old.inputs["__provider"],
    });
    if (id === "") {
      this.state.delete(old.name);
    } else {
      const stub = { __provider: old.inputs["__provider"] };
      this.record({
        name: old.name,
        id,
        outputs: { ...properties, ...stub },
        inputs: { ...(inputs ?? old.inputs), ...stub },
      });
    }
  }

  private async check(olds: Bag, news: Bag): Promise<Bag> {
    const { inputs, failures } = await this.provider.check(olds, news);
    if (failures.length > 0) {
      throw new Error(failures.map(({ reason }) => reason).join("\n"));
    }
    return inputs;
  }

  private async create(name: string, inputs: Bag): Promise<void> {
    const { id, properties } = await this.recordingInitFailure(name, inputs, () =>
      this.provider.create(inputs),
    );
    this.record({ name, id, inputs, outputs: properties });
    this.steps.push(`create ${name}`);
  }

  private async update(old: Recorded, inputs: Bag): Promise<void> {
    const { name, id, outputs } = old;
    const { properties } = await this.recordingInitFailure(name, inputs, () =>
      this.provider.update(id, outputs, inputs),
    );
    this.record({ name, id, inputs, outputs: properties });
    this.steps.push(`update ${name}`);
  }

  private async recordingInitFailure<T>(name: string, inputs: Bag, call: () => Promise<T>): Promise<T> {
    try {
      return await call();
    } catch (error) {
      if (error instanceof ProviderCallError && error.initFailed !== undefined) {
        const { id, properties, reasons } = error.initFailed;
        this.record({ name, id, inputs, outputs: properties, initErrors: reasons });
      }
      throw error;
    }
  }

  private record(recorded: Recorded): void {
    if (this.isCliAlive()) {
      this.state.set(recorded.name, recorded);
    }
  }
}

function isSame(left: unknown, right: unknown): boolean {
  return JSON.stringify(sorted(left)) === JSON.stringify(sorted(right));
}

function sorted(value: unknown): unknown {
  if (Array.isArray(value)) {
    return value.map(sorted);
  }
  if (value === null || typeof value !== "object") {
    return value;
  }
  const entries = Object.entries(value).sort(([left], [right]) => (left < right ? -1 : 1));
  return Object.fromEntries(entries.map(([key, one]) => [key, sorted(one)]));
}
