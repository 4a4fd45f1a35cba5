import type { Clock } from "./clock";
import type { WireReply, WireRequest } from "./exchange";
import type { Faults } from "./faults";
import type { Described } from "./journal";
import type { Outbound } from "./outbound";
import type { Random } from "./random";
import type { SwitchRow } from "./switches";
import type { Value } from "./value";

/** What all emulated clouds share. */
export interface Surroundings {
  readonly clock: Clock;
  readonly random: Random;
  readonly outbound: Outbound;
}

/** An answer of a site, with what the journal wants to know about it. */
export interface Answer {
  readonly reply: WireReply;
  /** The asynchronous job that the request started or asked about. */
  readonly jobId?: string;
}

/** A table that the control address can list and change. */
export interface ControlTable {
  /** What one row is called. */
  readonly noun: string;
  /** What may be said of a row. */
  readonly members: Value<object>;
  list(): object[];
  get(key: string): object | undefined;
  add(row: object): object;
  edit(key: string, changes: object): object;
  remove(key: string): boolean;
}

/** Something that the control address can be asked to do. */
export interface ControlAction {
  /** What it does, and what it says it is given. */
  readonly input: Value<object>;
  /** Does it; what it gives is answered, a promise too. */
  run(input: Readonly<Record<string, unknown>>): unknown;
}

/** An action with a check of what it is given; over HTTP it says the same as in TypeScript. */
export function action<Input extends object>(
  input: Value<Input>,
  run: (input: Input) => unknown,
): ControlAction {
  return { input: input, run: (given) => run(input.check(given, "What the action is given")) };
}

/**
 * One cloud, or one of several independent sites of a cloud, as the frame sees it: a store behind a wire format.
 * The frame gives it a listener, a journal, a clock, faults and a place under the control address.
 */
export interface Site<Extra extends { readonly kind: string } = { readonly kind: string }> {
  /** Name in the journal and under the control address: lower case, digits and dashes. */
  readonly name: string;
  readonly faults: Faults<Extra>;
  /** True when this site answers the request; the first site of a listener that says so gets it. */
  owns(request: WireRequest): boolean;
  /** What the request is, before it is run; must not change anything. */
  describe(request: WireRequest): Described;
  /** Does the work. `fault` is one that the frame does not know itself. */
  handle(request: WireRequest, fault: Extra | undefined): Answer | Promise<Answer>;
  /** Empties the stores, restores switches and faults. */
  reset(): void;
  /** What the control address may see and change. */
  readonly control: {
    readonly switches: { rows(): SwitchRow[]; readonly values: object; set(changes: object): void };
    readonly tables: Readonly<Record<string, ControlTable>>;
    /** Named actions such as "expire-sessions". */
    readonly actions: Readonly<Record<string, ControlAction>>;
    /** Addresses and credentials that a client needs. */
    connection(url: string): Readonly<Record<string, string>>;
  };
}
