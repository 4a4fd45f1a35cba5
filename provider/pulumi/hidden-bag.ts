import { isDeepStrictEqual } from "node:util";
import { z } from "zod";
import type { ResourceIdentity } from "../core/fields/fields";
import type { Tenancy } from "../core/lifecycle/tenancy";

/** The hidden property that travels with every resource. Its name starts with `__`, so that Pulumi does not show it. */
export const HIDDEN_BAG = "__dingtalk";

/** Seconds that each operation may take, from the resource option `customTimeouts`. */
const timeouts = z.object({
  create: z.number().optional(),
  update: z.number().optional(),
  delete: z.number().optional(),
});

/** What may change from run to run without being a change of the resource. */
const current = {
  /** The URN it has now; only for messages. */
  urn: z.string().optional().catch(undefined),
  timeouts: timeouts.optional().catch(undefined),
  /** The arguments that the program gave as secrets, besides those that always are: nothing of them is printed. */
  secrets: z.array(z.string()).optional().catch(undefined),
  /** What the program ignores by position, as property paths; the engine is not told of them. */
  ignored: z.array(z.string()).optional().catch(undefined),
  /** Whether the stack config keeps the address of the cloud encrypted. */
  secretSite: z.literal(true).optional().catch(undefined),
};

/**
 * What a resource must carry besides its arguments. Written by the program, kept in state for ever: `v` says which form it
 * is, and later releases read every older one.
 */
const hiddenBag = z.object({
  v: z.number(),
  /** Who the resource is, whatever it is renamed to. */
  key: z.string(),
  /** The Pulumi name it was first registered under; automatic names are made from it. */
  name: z.string(),
  ...current,
  /** Present on resources that are read only (`static get`). */
  get: z.literal(true).optional().catch(undefined),
  /** From the program only, never stored: the arguments whose values were not known when the resource was registered. */
  unknown: z.array(z.string()).optional().catch(undefined),
  /** Outputs only: where the object was last seen. */
  tenancy: z
    .object({
      site: z.string(),
      account: z.string().optional(),
      principal: z.string().optional(),
      unverified: z.literal(true).optional().catch(undefined),
    })
    .optional()
    .catch(undefined),
  /** Outputs only: what was current at the last create or update, where the inputs were recorded under something else. */
  now: z.object(current).optional().catch(undefined),
  /** Outputs only: the properties that the service does not show, so that a read takes them over from the state. */
  unshown: z.array(z.string()).optional().catch(undefined),
});

/** The parsed hidden bag. */
export type HiddenBag = z.infer<typeof hiddenBag>;

/** The bag in a property map; `undefined` where there is none, as in a minimal imported entry. */
export function hiddenBagIn(properties: Readonly<Record<string, unknown>>): HiddenBag | undefined {
  return hiddenBag.safeParse(properties[HIDDEN_BAG]).data;
}

/** The bag that new inputs get: who a resource is stays as it was first recorded, everything else is of today. */
export function carriedOver(previous: HiddenBag | undefined, today: HiddenBag): HiddenBag {
  return previous === undefined ? today : { ...today, key: previous.key, name: previous.name };
}

/** A bag as inputs store it. */
export function bagOfInputs({
  tenancy: _tenancy,
  unshown: _unshown,
  now: _now,
  unknown: _unknown,
  ...bag
}: HiddenBag): HiddenBag {
  return bag;
}

/**
 * A bag as outputs store it.
 *
 * @param recorded the bag of the inputs, which stays the same for life: whatever changed in it would show as a difference
 */
export function bagOfOutputs(recorded: HiddenBag, today: HiddenBag, learnt: Learnt): HiddenBag {
  const [before, now] = [currentIn(recorded), currentIn(today)];
  const { tenancy, unshown } = learnt;
  return { ...bagOfInputs(recorded), tenancy, unshown, ...(isDeepStrictEqual(before, now) ? {} : { now }) };
}

/** A recorded bag, with what was current when it was written. */
export function asOfToday(bag: HiddenBag): HiddenBag {
  return bag.now === undefined ? bag : { ...bag, ...currentIn(bag.now) };
}

function currentIn({
  urn,
  timeouts: seconds,
  secrets,
  ignored,
  secretSite,
}: NonNullable<HiddenBag["now"]>): Required<{ [K in keyof NonNullable<HiddenBag["now"]>]: HiddenBag[K] }> {
  return { urn, timeouts: seconds, secrets, ignored, secretSite };
}

/** The identity in a bag. */
export function identityIn(bag: HiddenBag | undefined): ResourceIdentity | undefined {
  return bag === undefined ? undefined : { key: bag.key, name: bag.name };
}

/** What a lifecycle learnt about an object besides its properties. */
export type Learnt = Pick<HiddenBag, "tenancy" | "unshown">;

/** The tenancy in a bag. */
export function tenancyIn(bag: HiddenBag | undefined): Tenancy | undefined {
  return bag?.tenancy;
}
