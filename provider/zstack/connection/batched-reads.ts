import DataLoader from "dataloader";
import type { Clock } from "../../core/clock";
import { untilAborted } from "../../core/until-aborted";
import type { Lookup } from "../api/query";
import { isUuidLike } from "../fields/uuids";
import type { ZStackClient } from "../transport/client";

/** Reads that arrive within this time share one query. */
const BATCH_WINDOW_MS = 10;

/** Reads by key, of which those in flight at the same time share one query for each lookup. Nothing is kept. */
export class BatchedReads {
  private readonly loaders = new Map<Lookup<never>, DataLoader<string, unknown[]>>();

  constructor(
    private readonly client: ZStackClient,
    private readonly clock: Clock,
  ) {}

  /** All objects with this key. */
  async findAll<Live>(lookup: Lookup<Live>, key: string, signal?: AbortSignal): Promise<Live[]> {
    // Anything else would be read as part of the condition, and spoil the reads that share the query.
    const isKey = key.split("/").every(isUuidLike);
    return isKey ? untilAborted(this.loaderOf(lookup).load(key), signal) : [];
  }

  private loaderOf<Live>(lookup: Lookup<Live>): DataLoader<string, Live[]> {
    const known = this.loaders.get(lookup as Lookup<never>);
    if (known !== undefined) {
      return known as DataLoader<string, Live[]>;
    }
    const loader = new DataLoader<string, Live[]>(
      async (keys) => {
        const found = await lookup.query(this.client, keys);
        return keys.map((key) => found.filter((live) => lookup.keyOf(live) === key));
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
