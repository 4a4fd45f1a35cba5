import { z } from "zod";
import { ReplyShapeError } from "../../core/errors";
import { trimmed } from "../../core/plain-text";
import { inShape } from "../../core/reply-shape";
import type { CallScope } from "../call";
import type { ZStackClient } from "../client";

/** What the functions per vendor action share: paged queries, and the shapes of values that many answers hold. */

const SHAPE_HINT =
  "Check that the endpoint is a ZStack management node of version 5.0.0 or later; a newer version may answer differently, then please report this.";

/** The server's own default, sent always so that no answer is cut short without our knowing. */
export const PAGE_SIZE = 1000;
const MAX_PAGES = 100;

/** `q=uuid?=a,b,…`: about a hundred ids keep the URL short (fact sheet 7). */
export const MAX_UUIDS_PER_QUERY = 100;

/** Dates come in several formats, or as epoch milliseconds; they are never computed with. */
export const date = z.union([z.string(), z.number()]).optional().catch(undefined);

/** Absent and null are the same: the server leaves null members out. */
export const optionalText = z
  .string()
  .nullish()
  .transform((value) => value ?? undefined);

/** How objects of one kind are found by a key of theirs, many at once. */
export interface Lookup<Live> {
  /** As many keys as one query can take. */
  readonly maxKeys: number;
  /** The objects with these keys, in no order. May give others, too. */
  query(client: ZStackClient, keys: readonly string[], scope?: CallScope): Promise<Live[]>;
  keyOf(live: Live): string;
}

/** Condition texts for objects of this name. Equality on the server ignores case and trailing spaces: see {@link isNamed}. */
export function nameConditions(name: string): string[] {
  // The server splits a condition at the first operator it finds anywhere in it, and has no way to escape a quote: such names
  // are looked for among all objects.
  return /^[\p{L}\p{N} ._:/+@()-]*$/u.test(name) && !/\b(?:is|not) null\b/.test(name) ? [`name=${name}`] : [];
}

/** Whether an object has exactly this name. */
export function isNamed(name: string): (live: { readonly name: string }) => boolean {
  return (live) => trimmed(live.name) === name;
}

/** Objects that can be queried: the vendor's name of the operation, its path, and what an object looks like. */
export interface Queryable<Live> {
  readonly action: string;
  readonly path: string;
  readonly inventory: z.ZodType<Live>;
  /** There is no stable order over several pages without it. */
  readonly sortedBy: string;
}

/** Objects by their uuid. */
export function lookupByUuid<Live extends { readonly uuid: string }>(kind: Queryable<Live>): Lookup<Live> {
  return {
    maxKeys: MAX_UUIDS_PER_QUERY,
    query: (client, uuids, scope) => query(client, kind, [isOneOf("uuid", uuids)], scope),
    keyOf: ({ uuid }) => uuid,
  };
}

/** The condition that a property has one of these values. */
export function isOneOf(property: string, values: readonly string[]): string {
  return `${property}?=${[...new Set(values)].join(",")}`;
}

/** All objects that fulfil every condition, page by page. */
export async function query<Live>(
  client: ZStackClient,
  { action, path, inventory, sortedBy }: Queryable<Live>,
  conditions: readonly string[],
  scope?: CallScope,
): Promise<Live[]> {
  const shape = z.object({ inventories: z.array(inventory) });
  const all: Live[] = [];
  for (let page = 0; page < MAX_PAGES; page++) {
    const parameters = [
      ...conditions.map((condition) => ["q", condition] as const),
      ["limit", String(PAGE_SIZE)] as const,
      ["start", String(page * PAGE_SIZE)] as const,
      ["sort", sortedBy] as const,
    ];
    const reply = await client.ask({ action, method: "GET", path, parameters }, scope);
    const { inventories } = parsed(action, shape, reply);
    all.push(...inventories);
    if (inventories.length < PAGE_SIZE) {
      return all;
    }
  }
  throw new ReplyShapeError(`${action} gave more than ${MAX_PAGES * PAGE_SIZE} objects.`);
}

/** An answer in the shape that the function needs. */
export function parsed<T>(action: string, shape: z.ZodType<T>, reply: unknown): T {
  return inShape(action, shape, reply, SHAPE_HINT);
}
