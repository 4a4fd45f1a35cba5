import { z } from "zod";
import { NetworkError, ReplyShapeError } from "../../core/errors";
import { trimmed } from "../../core/plain-text";
import { inShape } from "../../core/transport/reply-shape";
import type { CallScope } from "../transport/call";
import type { ZStackClient } from "../transport/client";

/** What the functions per vendor action share: paged queries, and the shapes of values that many answers hold. */

const SHAPE_HINT =
  "Check that the endpoint is a ZStack management node of version 5.0.0 or later; a newer version may answer differently, then please report this.";

/** The server's own default, sent always so that no answer is cut short without our knowing. */
export const PAGE_SIZE = 1000;
const MAX_ROWS = 100_000;
/** How often a list that changed while it was read is read again. */
const MAX_SCANS = 4;

/** `q=uuid?=a,b,…`: about a hundred ids keep the URL short (fact sheet 7). */
export const MAX_UUIDS_PER_QUERY = 100;

/** Dates come in several formats, or as epoch milliseconds; they are never computed with. */
export const date = z.union([z.string(), z.number()]).optional().catch(undefined);

/** Absent and null are the same: the server leaves null members out. */
export const optionalText = z
  .string()
  .nullish()
  .transform((value) => value ?? undefined);

/** All objects of a kind, for several look-ups by different keys. */
export interface Collection<Live> {
  /** All objects; `undefined` where there are more than so many. */
  readAll(client: ZStackClient, mostRows: number, scope?: CallScope): Promise<Live[] | undefined>;
}

/** How objects of one kind are found by a key of theirs, many at once. */
export interface Lookup<Live> {
  /** As many keys as one query can take. */
  readonly maxKeys: number;
  /** The objects with these keys, in no order. May give others, too. */
  query(client: ZStackClient, keys: readonly string[], scope?: CallScope): Promise<Live[]>;
  /** The keys under which an object is found. */
  keysOf(live: Live): readonly string[];
  readonly collection: Collection<Live>;
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
  /** There is no stable order over several pages without it; every object has another value. */
  readonly sortedBy: keyof Live & string;
}

/** All objects of a kind that fulfil every condition. */
export function collectionOf<Live>(
  kind: Queryable<Live>,
  conditions: readonly string[] = [],
): Collection<Live> {
  return {
    readAll: async (client, mostRows, scope) => {
      let isTooMany = false;
      const found = await queryPages(client, kind, conditions, scope, ({ size }, total) => {
        isTooMany = Math.max(size, total ?? 0) > mostRows;
        return isTooMany;
      });
      return isTooMany ? undefined : found;
    },
  };
}

/** Objects by their uuid. */
export function lookupByUuid<Live extends { readonly uuid: string }>(kind: Queryable<Live>): Lookup<Live> {
  return {
    maxKeys: MAX_UUIDS_PER_QUERY,
    query: (client, uuids, scope) => queryByUuid(client, kind, uuids, scope),
    keysOf: ({ uuid }) => [uuid],
    collection: collectionOf(kind),
  };
}

/** The objects with these uuids. */
export function queryByUuid<Live extends { readonly uuid: string }>(
  client: ZStackClient,
  kind: Queryable<Live>,
  uuids: readonly string[],
  scope?: CallScope,
): Promise<Live[]> {
  return queryPages(client, kind, [isOneOf("uuid", uuids)], scope, (found) =>
    uuids.every((uuid) => found.has(uuid)),
  );
}

/** The condition that a property has one of these values. */
export function isOneOf(property: string, values: readonly string[]): string {
  return `${property}?=${[...new Set(values)].join(",")}`;
}

/** All objects that fulfil every condition, page by page. */
export function query<Live>(
  client: ZStackClient,
  kind: Queryable<Live>,
  conditions: readonly string[],
  scope?: CallScope,
): Promise<Live[]> {
  return queryPages(client, kind, conditions, scope, () => false);
}

/**
 * All objects that fulfil every condition, if one answer holds them; `undefined` if it does not. For objects without a property that could
 * put several pages into a stable order.
 */
export async function queryOnePage<Live>(
  client: ZStackClient,
  kind: Queryable<Live>,
  conditions: readonly string[],
  scope?: CallScope,
): Promise<Live[] | undefined> {
  const first = await page(client, kind, conditions, 0, scope);
  if (first.rows.length === 0) {
    return [];
  }
  if (first.total !== undefined) {
    return first.rows.length >= first.total ? [...first.rows] : undefined;
  }
  const { rows } = await page(client, kind, conditions, first.rows.length, scope);
  return rows.length === 0 ? [...first.rows] : undefined;
}

/**
 * Reads on until the counted total is there, or a page is empty. A page that is shorter than was asked for means nothing: a server may give
 * fewer rows at a time.
 *
 * @param isEnough whether nothing more is wanted, by the keys found so far and the counted total
 */
async function queryPages<Live>(
  client: ZStackClient,
  kind: Queryable<Live>,
  conditions: readonly string[],
  scope: CallScope | undefined,
  isEnough: (found: ReadonlyMap<unknown, Live>, total: number | undefined) => boolean,
): Promise<Live[]> {
  for (let scan = 1; scan <= MAX_SCANS; scan++) {
    const found = new Map<unknown, Live>();
    let total: number | undefined;
    for (let start = 0, isSteady = true; isSteady;) {
      const { rows, total: counted } = await page(client, kind, conditions, start, scope);
      // A row that comes again, or another total, shows that rows moved between pages: one may have been passed over.
      isSteady = !rows.some((row) => found.has(row[kind.sortedBy])) && (start === 0 || counted === total);
      for (const row of rows) {
        found.set(row[kind.sortedBy], row);
      }
      start += rows.length;
      total = counted;
      if (
        isSteady &&
        (rows.length === 0 || found.size >= (counted ?? Infinity) || isEnough(found, counted))
      ) {
        return [...found.values()];
      }
      if (found.size > MAX_ROWS) {
        throw new ReplyShapeError(`${kind.action} gave more than ${MAX_ROWS} objects.`, { hint: SHAPE_HINT });
      }
    }
  }
  throw new NetworkError(`${kind.action} gave other objects every time it was asked for the next ones.`, {
    outcome: "unknown",
    hint: "Run the command again when nobody else changes these objects.",
  });
}

/** The objects from one on, and how many there are in all, where the server counts them. */
async function page<Live>(
  client: ZStackClient,
  { action, path, inventory, sortedBy }: Queryable<Live>,
  conditions: readonly string[],
  start: number,
  scope: CallScope | undefined,
): Promise<{ readonly rows: readonly Live[]; readonly total: number | undefined }> {
  const parameters = [
    ...conditions.map((condition) => ["q", condition] as const),
    ["limit", String(PAGE_SIZE)] as const,
    ["start", String(start)] as const,
    ["sort", sortedBy] as const,
    ["replyWithCount", "true"] as const,
  ];
  const shape = z.object({ inventories: z.array(inventory), total: z.number().optional().catch(undefined) });
  const reply = await client.ask({ action, method: "GET", path, parameters }, scope);
  const { inventories, total } = parsed(action, shape, reply);
  return { rows: inventories, total };
}

/** The uuid that the answer of a create names; `undefined` where it names none. */
export function uuidInReply(reply: unknown): string | undefined {
  const shape = z.object({ inventory: z.object({ uuid: z.string() }) });
  const uuid = shape.safeParse(reply).data?.inventory.uuid.trim();
  return uuid === "" ? undefined : uuid;
}

/** An answer in the shape that the function needs. */
export function parsed<T>(action: string, shape: z.ZodType<T>, reply: unknown): T {
  return inShape(action, shape, reply, SHAPE_HINT);
}
