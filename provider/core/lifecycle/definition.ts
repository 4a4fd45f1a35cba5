import type { Clock } from "../clock";
import type { ArgumentRules } from "../fields/argument-rules";
import type { FieldTable, InputsOf, OutputTable, ResourceIdentity, StateOf } from "../fields/fields";
import type { IdMemory } from "./id-memory";
import type { IdNormaliser } from "../fields/ids";
import type { Tenancy } from "./tenancy";
import type { Unshown } from "./unshown";

/** Where a lifecycle function says what it is doing. Messages are redacted before anybody sees them. */
export interface Log {
  /** A passing status, such as "waiting for job …". */
  progress(message: string): void;
  /** A line that stays, and asks for nothing. */
  note(message: string): void;
  /** Advice that stays: the operation goes on. */
  warn(message: string): void;
}

/** A way to one installation of one service. */
export interface Connection {
  /** Makes sure, once, that the service is there and can be used. */
  ready(): Promise<void>;
  /** Which installation, and as whom. Never holds a secret. May ask the service, once. */
  tenancy(): Promise<Tenancy>;
  /** Throws `ConfigError` for settings that cannot work. Sends nothing. */
  verifySettings(): void;
  /** Gives back what was taken, such as a session. */
  close(): Promise<void>;
}

/** What every lifecycle function is given besides its arguments. */
export interface Context<C extends Connection = Connection> {
  readonly connection: C;
  /** Aborted when the operation's deadline passes or the engine is gone. No changing request starts after that. */
  readonly signal: AbortSignal;
  readonly clock: Clock;
  readonly log: Log;
  /** Who the resource is; absent where nothing was recorded, as in a minimal imported entry. */
  readonly identity: ResourceIdentity | undefined;
  /** The arguments that the program gave as secrets, besides those that always are: their values are not quoted. */
  readonly secretArguments?: readonly string[] | undefined;
  /** The ids this process has already met for this connection. */
  readonly ids: IdMemory;
  /** Where the object was when its state was written; absent on create and for minimal imported entries. */
  readonly recordedTenancy: Tenancy | undefined;
  /** What the service does not show of the object; what a lifecycle learns here is recorded with the state. */
  readonly unshown?: Unshown | undefined;
}

/** An object that exists. */
export interface Existing<State> {
  readonly id: string;
  readonly state: State;
}

/**
 * One kind of resource: data plus functions over plain values. No type of Pulumi's reaches it, so that any front can
 * call it. `check` and `diff` are derived from `fields`.
 */
export interface ResourceDefinition<
  Fields extends FieldTable = FieldTable,
  Outputs extends OutputTable = OutputTable,
  C extends Connection = Connection,
> extends ArgumentRules<Fields, Outputs> {
  /** `<module>:<Type>`, part of every URN: never changes. */
  readonly token: string;
  /** What one object is called in sentences, for example "DingTalk endpoint". */
  readonly noun: string;
  /** Ids as the server writes them. Without it an id is taken as it is. */
  readonly normaliseId?: IdNormaliser;
  /** Makes the object, or finishes an earlier attempt. Throws `IncompleteError` once the object exists. */
  create(ctx: Context<C>, inputs: InputsOf<Fields>): Promise<Existing<StateOf<Fields, Outputs>>>;
  /** The object as the server has it, `undefined` when it is gone. `state` is what was recorded, if anything was. */
  read(
    ctx: Context<C>,
    id: string,
    state: Partial<StateOf<Fields, Outputs>>,
  ): Promise<StateOf<Fields, Outputs> | undefined>;
  /** Changes what differs between the live object and `inputs`. `state` is what was recorded. */
  update(
    ctx: Context<C>,
    id: string,
    state: Partial<StateOf<Fields, Outputs>>,
    inputs: InputsOf<Fields>,
  ): Promise<StateOf<Fields, Outputs>>;
  /** Removes the object; one that is already gone is no failure. */
  delete(ctx: Context<C>, id: string, state: Partial<StateOf<Fields, Outputs>>): Promise<void>;
}
