import { isDeepStrictEqual } from "node:util";
import type { FieldTable } from "../../core/fields/fields";
import { OddValue } from "../../core/fields/odd-value";
import { inRecordedOrder } from "../../core/fields/recorded-order";
import { UNKNOWN } from "../../core/fields/unknown";
import { bagOfInputs, bagOfOutputs, HIDDEN_BAG, type HiddenBag, type Learnt } from "../hidden-bag";
import { fromPulumi, secretEnvelope, toPulumi, type Bag } from "../wire";

/** Plain values by property. */
export type Values = Record<string, unknown>;

/** A resource's bag, as the inputs have it and as it is today. */
export interface Bags {
  readonly recorded: HiddenBag;
  readonly today: HiddenBag;
}

/** How inputs and outputs of one kind of resource are written into the stack: the order of lists, secrets in their envelopes, the hidden bag. */
export class StoredForm {
  constructor(private readonly fields: FieldTable) {}

  /**
   * Inputs that were checked.
   *
   * @param given what the program wrote
   */
  checked(inputs: Values, given: Values): Bag {
    return this.withEnvelopes(toPulumi(inputs) as Bag, (name) => this.isRekeyed(name, given, inputs));
  }

  /**
   * What state stores of an object.
   *
   * @param known what is declared or recorded: gives lists their order
   * @param isSiteSecret whether the address of the cloud must not be stored in clear
   */
  outputs(state: Values, known: Values, bags: Bags | undefined, learnt: Learnt, isSiteSecret = false): Bag {
    const values = this.withEnvelopes(toPulumi(inRecordedOrder(this.fields, state, known)) as Bag);
    if (bags === undefined) {
      return values;
    }
    const { tenancy, ...bag } = bagOfOutputs(bags.recorded, bags.today, learnt);
    const stored = tenancy !== undefined && isSiteSecret ? secretEnvelope(toPulumi(tenancy)) : tenancy;
    return { ...values, [HIDDEN_BAG]: toPulumi({ ...bag, tenancy: stored }) };
  }

  /** The inputs that a read gives, rebuilt from the live object. */
  inputs(state: Values, known: Values, bags: Bags | undefined): Bag {
    const inputs = Object.fromEntries(Object.keys(this.fields).map((name) => [name, state[name]]));
    return {
      ...this.withEnvelopes(toPulumi(inRecordedOrder(this.fields, inputs, known)) as Bag),
      ...(bags === undefined ? {} : { [HIDDEN_BAG]: toPulumi(bagOfInputs(bags.recorded)) }),
    };
  }

  /**
   * Pulumi marks a secret again only where it has seen one under the same name before; the envelope works from the start. A value that is
   * not known yet is marked once it is.
   */
  private withEnvelopes(values: Bag, isSecretToo: (name: string) => boolean = () => false): Bag {
    return Object.fromEntries(
      Object.entries(values).map(([name, value]) => [
        name,
        (this.isSecret(name) || isSecretToo(name)) && fromPulumi(value) !== UNKNOWN
          ? secretEnvelope(value)
          : value,
      ]),
    );
  }

  /**
   * Whether the keys of a map were given in another form, as by a transformation. Pulumi tells nobody here which values are secret, and
   * marks them again by their path only, so a secret under a key that has changed would be stored in clear.
   */
  private isRekeyed(name: string, given: Values, inputs: Values): boolean {
    const isMap = this.fields[name]?.type.canonicalKey !== undefined;
    const keysOf = (values: Values): string[] => Object.keys(values[name] ?? {}).sort();
    return (
      isMap &&
      typeof given[name] === "object" &&
      typeof inputs[name] === "object" &&
      !isDeepStrictEqual(keysOf(given), keysOf(inputs))
    );
  }

  /** The texts in values that must not be shown. */
  secretsIn(values: Values, bag: HiddenBag | undefined): string[] {
    return Object.entries(values).flatMap(([name, value]) =>
      this.isSecret(name) || bag?.secrets?.includes(name) === true
        ? textsIn(value, this.fields[name]?.type.canonicalKey !== undefined)
        : [],
    );
  }

  private isSecret(name: string): boolean {
    return this.fields[name]?.secret === true;
  }
}

/** The texts in a value. Keys of maps count where they are data, such as phone numbers. */
function textsIn(value: unknown, keysAreData: boolean): string[] {
  if (typeof value === "string") {
    return [value];
  }
  if (typeof value !== "object" || value === null || value instanceof OddValue) {
    return [];
  }
  const keys = keysAreData && !Array.isArray(value) ? Object.keys(value) : [];
  return [...keys, ...Object.values(value).flatMap((member) => textsIn(member, keysAreData))];
}
