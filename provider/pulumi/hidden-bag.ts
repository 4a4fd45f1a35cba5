import { z } from "zod";
import type { ResourceIdentity } from "../core/fields";
import type { Place } from "../core/place";

/** The hidden property that travels with every resource. Its name starts with `__`, so that Pulumi does not show it. */
export const HIDDEN_BAG = "__dingtalk";

/** Seconds that each operation may take, from the resource option `customTimeouts`. */
const timeouts = z.object({
  create: z.number().optional(),
  update: z.number().optional(),
  delete: z.number().optional(),
});

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
  /** The URN it has now; only for messages. */
  urn: z.string().optional().catch(undefined),
  timeouts: timeouts.optional().catch(undefined),
  /** Present on resources that are read only (`static get`). */
  get: z.literal(true).optional().catch(undefined),
  /** Outputs only: where the object was last seen. */
  place: z
    .object({ site: z.string(), account: z.string().optional(), principal: z.string().optional() })
    .optional()
    .catch(undefined),
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
export function carriedOver(previous: HiddenBag | undefined, current: HiddenBag): HiddenBag {
  return previous === undefined ? current : { ...current, key: previous.key, name: previous.name };
}

/** The identity in a bag. */
export function identityIn(bag: HiddenBag | undefined): ResourceIdentity | undefined {
  return bag === undefined ? undefined : { key: bag.key, name: bag.name };
}

/** What a lifecycle learnt about an object besides its properties. */
export type Learnt = Pick<HiddenBag, "place" | "unshown">;

/** The place in a bag. */
export function placeIn(bag: HiddenBag | undefined): Place | undefined {
  return bag?.place;
}
