import type { Clock } from "./clock";

/** How a request said who it is. */
export type AuthKind = "none" | "session" | "accessKey" | "other";

/** What became of a request: answered, cut off by a fault, or still being worked on. */
export type Outcome = "answered" | "dropped" | "pending";

/** What a cloud says about a request before it is run. Everything in it is already free of secrets. */
export interface Described {
  /** The vendor's action name; absent when no operation owns the request. */
  readonly operation?: string;
  /** Path to show. */
  readonly path: string;
  readonly auth: AuthKind;
  /** True when the operation changes objects or is seen by people (a test message is, a login is not). */
  readonly changing: boolean;
  /** Parsed body to show; absent when there is none. */
  readonly body?: unknown;
  /** What else the cloud can tell: version of the signature, nonce, key. */
  readonly details?: Readonly<Record<string, string>>;
}

/** One request in the journal. Secrets are replaced before they get here. */
export interface JournalEntry extends Described {
  /** 1, 2, 3 … in order of arrival, over all clouds and sites. */
  readonly sequence: number;
  /** Which cloud or site received it. */
  readonly site: string;
  /** Arrival on the emulator's clock, epoch milliseconds. */
  readonly atMs: number;
  readonly method: string;
  readonly query: Readonly<Record<string, readonly string[]>>;
  /** HTTP status that was sent; absent when nothing was. */
  readonly status?: number;
  readonly outcome: Outcome;
  /** The asynchronous job that this request started or asked about. */
  readonly jobId?: string;
  /** The fault that was played on this request. */
  readonly fault?: string;
}

/** What is known only when a request is over. */
export interface Ending {
  status?: number;
  outcome: Outcome;
  jobId?: string;
  fault?: string;
}

/** Which entries to look at. */
export interface JournalFilter {
  readonly operation?: string;
  readonly method?: string;
  readonly site?: string;
  readonly changing?: boolean;
}

/** Entries that are kept at most; the oldest are dropped. */
export const MAX_JOURNAL_ENTRIES = 50_000;
/** Size of the entries that are kept at most, as UTF-8 JSON. The newest entry is always kept. */
export const MAX_JOURNAL_BYTES = 64 * 1024 * 1024;

/** Every request that reached an emulator, in order, for assertions such as "exactly one create". */
export class Journal {
  private readonly clock: Clock;
  private readonly kept: JournalEntry[] = [];
  /** Bytes of each entry, in the same order. */
  private readonly sizes: number[] = [];
  private readonly max: { readonly entries: number; readonly bytes: number };
  private bytes = 0;
  private droppedCount = 0;
  private sequence = 0;

  constructor(clock: Clock, max = { entries: MAX_JOURNAL_ENTRIES, bytes: MAX_JOURNAL_BYTES }) {
    this.clock = clock;
    this.max = max;
  }

  /** How many of the oldest entries were dropped since the last clear, because there were too many; counts leave them out. */
  get dropped(): number {
    return this.droppedCount;
  }

  /** All entries since the last clear, oldest first. */
  get entries(): readonly JournalEntry[] {
    return this.kept;
  }

  /** Entries that match, oldest first. */
  filter(filter: JournalFilter): JournalEntry[] {
    return this.kept.filter(
      (entry) =>
        (filter.operation === undefined || entry.operation === filter.operation) &&
        (filter.method === undefined || entry.method === filter.method) &&
        (filter.site === undefined || entry.site === filter.site) &&
        (filter.changing === undefined || entry.changing === filter.changing),
    );
  }

  /** How many requests called the operation; without a name, how many requests there were. */
  count(operation?: string): number {
    return operation === undefined ? this.kept.length : this.filter({ operation }).length;
  }

  /** Requests that change objects, oldest first. */
  changing(): JournalEntry[] {
    return this.filter({ changing: true });
  }

  /** The names of the operations called, in order; requests without one are left out. */
  operations(): string[] {
    return this.kept.flatMap((entry) => (entry.operation === undefined ? [] : [entry.operation]));
  }

  /** Forgets all entries; sequence numbers go on. */
  clear(): void {
    this.kept.length = 0;
    this.sizes.length = 0;
    this.bytes = 0;
    this.droppedCount = 0;
  }

  /** Forgets all entries and starts again at 1. */
  reset(): void {
    this.clear();
    this.sequence = 0;
  }

  /** Writes a request down as it arrives; call the result when it is over. */
  open(
    site: string,
    method: string,
    query: Readonly<Record<string, readonly string[]>>,
    described: Described,
  ): (ending: Ending) => void {
    this.sequence += 1;
    const entry: JournalEntry = {
      sequence: this.sequence,
      site,
      atMs: this.clock.now(),
      method,
      query,
      ...described,
      outcome: "pending",
    };
    this.add(entry);
    return (ending) => void Object.assign(entry, ending);
  }

  private add(entry: JournalEntry): void {
    const size = Buffer.byteLength(JSON.stringify(entry));
    this.kept.push(entry);
    this.sizes.push(size);
    this.bytes += size;
    while (this.kept.length > 1 && (this.kept.length > this.max.entries || this.bytes > this.max.bytes)) {
      this.kept.shift();
      this.bytes -= this.sizes.shift() ?? 0;
      this.droppedCount += 1;
    }
  }
}
