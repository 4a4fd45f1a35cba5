import { specialSecretSig, specialSigKey, unknownValue } from "@pulumi/pulumi/runtime/rpc";
import { OddValue } from "../core/fields/odd-value";
import { UNKNOWN } from "../core/fields/unknown";

/** The only place that knows how Pulumi writes unknown and secret values on the wire, and how the program side tells of odd ones. */

/** A property bag as the dynamic provider process passes it. */
export type Bag = Record<string, unknown>;

const ODD_VALUE = "__dingtalkOddValue";

/** What came over the wire as plain values: unknown markers become `UNKNOWN`, secret envelopes are opened. */
export function fromPulumi(value: unknown): unknown {
  if (value === unknownValue) {
    return UNKNOWN;
  }
  if (Array.isArray(value)) {
    return value.map(fromPulumi);
  }
  if (typeof value !== "object" || value === null) {
    return value;
  }
  if (isSecretEnvelope(value)) {
    return fromPulumi(value.value);
  }
  const { [ODD_VALUE]: odd, remedy } = value as Record<string, unknown>;
  if (typeof odd === "string") {
    return new OddValue(odd, typeof remedy === "string" ? remedy : "");
  }
  return Object.fromEntries(Object.entries(value).map(([key, member]) => [key, fromPulumi(member)]));
}

/** Plain values as Pulumi's wire takes them: no `undefined`, no dates, no big integers; `UNKNOWN` becomes its marker. */
export function toPulumi(value: unknown): unknown {
  if (value === UNKNOWN) {
    return unknownValue;
  }
  if (typeof value === "bigint") {
    return value.toString();
  }
  if (typeof value === "number") {
    return Number.isFinite(value) ? value : null;
  }
  if (value instanceof Date) {
    return value.toISOString();
  }
  if (Array.isArray(value)) {
    return value.map((element: unknown) => toPulumi(element) ?? null);
  }
  if (typeof value !== "object" || value === null) {
    return value;
  }
  return Object.fromEntries(
    Object.entries(value).flatMap(([key, member]) => (member === undefined ? [] : [[key, toPulumi(member)]])),
  );
}

/** What the program side sends in place of a value that no argument takes, so that `check` can refuse it where it stands. */
export function oddMarker({ kind, remedy }: OddValue): object {
  return { [ODD_VALUE]: kind, remedy };
}

/** Puts a value into the envelope that makes Pulumi encrypt it, wherever it appears for the first time. */
export function secretEnvelope(value: unknown): unknown {
  return { [specialSigKey]: specialSecretSig, value };
}

function isSecretEnvelope(value: object): value is { value: unknown } {
  return (value as Record<string, unknown>)[specialSigKey] === specialSecretSig;
}
