import { isSameValue } from "../../core/fields/diff";
import type { FieldTable } from "../../core/fields/fields";

/** How the arguments of an object travel to the service: one entry for each, read by its create and by its update. */

/** How one argument is sent. */
export type Sending<Live, Params, Value> =
  | {
      /** The parameter that carries it, in the create call and, when it differs, in the update call. */
      readonly as: keyof Params & string;
      /** What the update sends to take the value away; without it another call does that, or nothing can. */
      readonly cleared?: Value;
      /** Whether the object has the value although the state does not say so. */
      readonly isAlready?: (live: Live, value: Value) => boolean;
    }
  | {
      /** The parameter of the create call; an existing object is changed by calls of its own. */
      readonly onlyCreatedAs: keyof Params & string;
    };

/** An entry for each argument: a new one without an entry does not compile. */
export type Sendings<Live, Params, Inputs> = {
  readonly [K in keyof Inputs]-?: Sending<Live, Params, Inputs[K]>;
};

// The values have their own types; as a whole the table cannot name them.
// eslint-disable-next-line @typescript-eslint/no-explicit-any
type AnySendings<Live> = Readonly<Record<string, Sending<Live, Record<string, unknown>, any>>>;
type Values = Readonly<Record<string, unknown>>;

/** The parameters of a create. */
export function createParams<Live>(sendings: AnySendings<Live>, inputs: Values): Record<string, unknown> {
  return Object.fromEntries(
    Object.entries(sendings).map(([name, sending]) => [
      "as" in sending ? sending.as : sending.onlyCreatedAs,
      inputs[name],
    ]),
  );
}

/** The parameters of an update: what differs. */
export function updateParams<Live>(
  sendings: AnySendings<Live>,
  fields: FieldTable,
  live: Live,
  state: Values,
  inputs: Values,
): Record<string, unknown> {
  const params: Record<string, unknown> = {};
  for (const [name, sending] of Object.entries(sendings)) {
    const field = fields[name];
    const value = inputs[name];
    if (!("as" in sending) || field === undefined || isSameValue(field, state[name], value)) {
      continue;
    }
    const sent: unknown = value ?? sending.cleared;
    if (sent !== undefined && sending.isAlready?.(live, value) !== true) {
      params[sending.as] = sent;
    }
  }
  return params;
}
