import { createConnection } from "node:net";
import { NetworkError } from "../../core/errors";

/** How long the end may take in all: less than the five seconds after which the engine kills the process. */
const GRACE_MS = 4_500;
/** The same once the engine is gone: nobody kills the process then, and a busy machine needs more than a second for a logout. */
const ORPHAN_GRACE_MS = 8_000;
/** How much of that the requests on the wire may take; the rest is for the logout, even when a request hangs. */
const REQUEST_GRACE_MS = 2_500;
/** How soon after a lost connection the engine is asked whether it is still there. */
const RECONNECT_DELAY_MS = 200;

/**
 * Ties the life of the provider process to the engine's. Without it a process whose CLI was killed lives on for ever: it makes
 * objects beside the user's next `up`, or loops on a broken pipe.
 */
export class Lifeline {
  private readonly stopping = new AbortController();
  private readonly running = new Set<Promise<unknown>>();
  private ending: Promise<void> | undefined;

  constructor(private readonly onEnd: () => Promise<void>) {}

  /** Aborted when the engine is gone or asks to stop: no changing request is started after that. */
  get signal(): AbortSignal {
    return this.stopping.signal;
  }

  /** Runs an operation, so that the end of the process waits for it. */
  async run<T>(operation: () => Promise<T>): Promise<T> {
    this.signal.throwIfAborted();
    const promise = operation();
    this.running.add(promise);
    try {
      return await promise;
    } finally {
      this.running.delete(promise);
    }
  }

  /** Watches everything that tells of the engine's end. Called once, and only in a provider process. */
  watch(engineAddress: string | undefined): void {
    for (const stream of [process.stdout, process.stderr]) {
      stream.on("error", () => void this.end(1, ORPHAN_GRACE_MS));
    }
    for (const signal of ["SIGINT", "SIGTERM", "SIGHUP"] as const) {
      process.on(signal, () => void this.end(0));
    }
    const [, host, port] = /^(.*):(\d+)$/.exec(engineAddress ?? "") ?? [];
    if (host !== undefined && port !== undefined) {
      this.watchConnection(host, Number(port), false);
    }
  }

  /** Stops new work, waits for what is on the wire, gives back what was taken, and ends the process. */
  end(exitCode: number, graceMs = GRACE_MS): Promise<void> {
    this.ending ??= this.stop(graceMs).finally(() => process.exit(exitCode));
    return this.ending;
  }

  private async stop(graceMs: number): Promise<void> {
    this.stopping.abort(
      new NetworkError("Pulumi ended before the operation did.", {
        outcome: "unknown",
        code: "ABORTED",
        hint: "Run the command again: it looks for what may have been done before it does anything.",
      }),
    );
    const grace = limit(graceMs);
    const requestGrace = limit(REQUEST_GRACE_MS);
    await Promise.race([Promise.allSettled([...this.running]), requestGrace.passed]);
    await Promise.race([this.onEnd().catch(() => undefined), grace.passed]);
    requestGrace.clear();
    grace.clear();
  }

  /** A connection that is closed may only have been idle for long; one that cannot be made again means the end. */
  private watchConnection(host: string, port: number, wasConnected: boolean): void {
    const socket = createConnection({ host, port });
    let connected = false;
    socket.unref();
    socket.resume();
    socket.on("connect", () => {
      connected = true;
    });
    socket.on("error", () => undefined);
    socket.on("close", () => {
      if (connected) {
        setTimeout(() => {
          this.watchConnection(host, port, true);
        }, RECONNECT_DELAY_MS).unref();
      } else if (wasConnected) {
        void this.end(1, ORPHAN_GRACE_MS);
      }
    });
  }
}

/** A promise that resolves after some milliseconds, unless it is cleared before. */
function limit(ms: number): { readonly passed: Promise<void>; clear(): void } {
  let timer: NodeJS.Timeout | undefined;
  const passed = new Promise<void>((resolve) => {
    timer = setTimeout(resolve, ms);
  });
  return {
    passed,
    clear: () => {
      clearTimeout(timer);
    },
  };
}
