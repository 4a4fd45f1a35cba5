import DataLoader from "dataloader";
import type { Clock } from "../../core/clock";
import { Moments, SharedRead } from "../../core/transport/shared-read";
import { untilAborted } from "../../core/until-aborted";
import type { Collection, Lookup } from "../api/query";
import { isUuidLike } from "../fields/uuids";
import type { ZStackClient } from "../transport/client";

/** Reads that arrive within this time share one query. */
const BATCH_WINDOW_MS = 10;
/** After so many queries by key for objects of one kind, all of them are read instead. */
const QUERIES_BEFORE_SCAN = 2;
/** A scan gives up at more objects than this, or than so many times those that were asked for. */
const MAX_SCANNED_ROWS = 1_000;
const MAX_ROWS_PER_KEY = 10;

/** Since when this process may have changed something without making a look too old. */
type Since =
  /** Nothing at all was changed since. */
  | "the last change"
  /** No link between objects was, by itself. */
  | "the last change of a link"
  /** Whatever was changed. */
  | "ever";

/** What is known of all objects of one kind. */
interface Scans {
  /** For those who only read: what was scanned for a writer is not for them. */
  readonly forReads: SharedRead<readonly unknown[] | undefined>;
  readonly forWrites: SharedRead<readonly unknown[] | undefined>;
  queries: number;
  keys: number;
  /** So many keys must have been asked for before another scan is tried. */
  keysBeforeScan: number;
}

/** Reads by key. Those in flight at the same time share one query for each look-up; those that may be some seconds old share a scan. */
export class BatchedReads {
  private readonly loaders = new Map<Lookup<never>, DataLoader<string, unknown[]>>();
  private readonly moments = new Moments();
  private readonly changed: Record<Since, number> = {
    "the last change": 0,
    "the last change of a link": 0,
    ever: 0,
  };
  private readonly scans = new Map<Collection<never>, Scans>();
  /** Objects of a scan by their keys, for each look-up. */
  private readonly indexes = new WeakMap<
    readonly unknown[],
    Map<Lookup<never>, ReadonlyMap<string, unknown[]>>
  >();

  constructor(
    private readonly client: ZStackClient,
    private readonly clock: Clock,
  ) {}

  /** All objects with this key, as they are now. */
  async findAll<Live>(lookup: Lookup<Live>, key: string, signal?: AbortSignal): Promise<Live[]> {
    // Anything else would be read as part of the condition, and spoil the reads that share the query.
    const isKey = key.split("/").every(isUuidLike);
    return isKey ? untilAborted(this.loaderOf(lookup).load(key), signal) : [];
  }

  /**
   * All objects with this key, as they were some seconds ago at most. The engine asks for few objects at a time; from the third query on all
   * objects of the kind are read at once, if they are not too many.
   *
   * @param absence whether a scan without the object is an answer, or it is asked for by itself
   */
  async findAllLately<Live>(
    lookup: Lookup<Live>,
    key: string,
    since: Since,
    absence: "believed" | "asked for",
    signal?: AbortSignal,
  ): Promise<Live[]> {
    const rows = await untilAborted(this.scanFor(lookup.collection, since), signal);
    if (rows !== undefined) {
      const found = this.indexOf(rows, lookup).get(key);
      if (found !== undefined || absence === "believed") {
        return found ?? [];
      }
    }
    return this.findAll(lookup, key, signal);
  }

  /** Notes that this process has changed something. */
  markChange(what: "object" | "link"): void {
    this.changed["the last change"] = this.moments.now();
    if (what === "link") {
      this.changed["the last change of a link"] = this.changed["the last change"];
    }
  }

  private async scanFor<Live>(
    collection: Collection<Live>,
    since: Since,
  ): Promise<readonly Live[] | undefined> {
    const scans = this.scansOf(collection);
    if (scans.queries < QUERIES_BEFORE_SCAN || scans.keys < scans.keysBeforeScan) {
      return undefined;
    }
    // A scan that fails says less than the query by key that follows.
    const scan = since === "the last change" ? scans.forReads : scans.forWrites;
    return scan.recent(this.changed[since]).catch(() => undefined) as Promise<readonly Live[] | undefined>;
  }

  private scansOf<Live>(collection: Collection<Live>): Scans {
    const known = this.scans.get(collection as Collection<never>);
    if (known !== undefined) {
      return known;
    }
    const scans: Scans = {
      queries: 0,
      keys: 0,
      keysBeforeScan: 0,
      forReads: new SharedRead(this.clock, this.moments, (begins) => scan(begins)),
      forWrites: new SharedRead(this.clock, this.moments, (begins) => scan(begins)),
    };
    const scan = async (begins: () => void): Promise<readonly Live[] | undefined> => {
      begins();
      const most = Math.max(MAX_SCANNED_ROWS, scans.keys * MAX_ROWS_PER_KEY);
      const rows = await collection.readAll(this.client, most);
      scans.keysBeforeScan = rows === undefined ? 2 * scans.keys : 0;
      return rows;
    };
    this.scans.set(collection as Collection<never>, scans);
    return scans;
  }

  private indexOf<Live>(rows: readonly Live[], lookup: Lookup<Live>): ReadonlyMap<string, Live[]> {
    const indexes = this.indexes.get(rows) ?? new Map<Lookup<never>, ReadonlyMap<string, unknown[]>>();
    this.indexes.set(rows, indexes);
    const index = indexes.get(lookup as Lookup<never>) ?? indexed(rows, lookup);
    indexes.set(lookup as Lookup<never>, index);
    return index as ReadonlyMap<string, Live[]>;
  }

  private loaderOf<Live>(lookup: Lookup<Live>): DataLoader<string, Live[]> {
    const known = this.loaders.get(lookup as Lookup<never>);
    if (known !== undefined) {
      return known as DataLoader<string, Live[]>;
    }
    const loader = new DataLoader<string, Live[]>(
      async (keys) => {
        const scans = this.scansOf(lookup.collection);
        scans.queries += 1;
        scans.keys += keys.length;
        const found = indexed(await lookup.query(this.client, keys), lookup);
        return keys.map((key) => found.get(key) ?? []);
      },
      {
        cache: false,
        maxBatchSize: lookup.maxKeys,
        batchScheduleFn: (dispatch) => void this.clock.sleep(BATCH_WINDOW_MS).then(dispatch),
      },
    );
    this.loaders.set(lookup as Lookup<never>, loader);
    return loader;
  }
}

/** Objects by their keys. */
function indexed<Live>(rows: readonly Live[], lookup: Lookup<Live>): Map<string, Live[]> {
  const index = new Map<string, Live[]>();
  for (const row of rows) {
    for (const key of new Set(lookup.keysOf(row))) {
      const others = index.get(key);
      if (others === undefined) {
        index.set(key, [row]);
      } else {
        others.push(row);
      }
    }
  }
  return index;
}
