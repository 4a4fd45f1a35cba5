import * as fs from "node:fs";
import * as path from "node:path";
import { ROOT } from "../engine/layout";

const RESULTS = path.join(__dirname, "results");

/**
 * Keeps what a suite came to, for the table of what goes wrong in the documents. Only for a whole run without a failure: the file is part of the
 * sources, and says nothing of samples, dates or machines.
 */
export function publishFigures(suite: string, figures: Readonly<Record<string, number>>): void {
  const { version } = JSON.parse(fs.readFileSync(path.join(ROOT, "package.json"), "utf8")) as {
    version: string;
  };
  fs.mkdirSync(RESULTS, { recursive: true });
  fs.writeFileSync(
    path.join(RESULTS, `${suite}.json`),
    `${JSON.stringify({ version, ...figures }, undefined, 2)}\n`,
  );
}

/** How a suite tries its items: points, seeds, positions. */
interface Trial<Item, Worker, Result> {
  readonly attempt: (item: Item, worker: Worker) => Promise<Result>;
  /** With which somebody repeats one alone. */
  readonly nameOf: (item: Item) => string;
  /** What a failed attempt may have left to a worker. */
  readonly tidy?: (worker: Worker) => Promise<void>;
}

/** Tries every item, also behind one that fails; failures begin with the item's name. */
export async function tryAll<Item, Worker, Result>(
  items: readonly Item[],
  workers: readonly Worker[],
  { attempt, nameOf, tidy }: Trial<Item, Worker, Result>,
): Promise<{ results: Result[]; failures: string[] }> {
  const results: Result[] = [];
  const failures: string[] = [];
  await inParallel(items, workers, async (item, worker) => {
    try {
      results.push(await attempt(item, worker));
    } catch (error) {
      await tidy?.(worker);
      failures.push(`${nameOf(item)}\n${error instanceof Error ? error.message : String(error)}`);
    }
  });
  return { results, failures };
}

/** Does something with every item, some of them at a time; each worker has a world of its own. */
export async function inParallel<Item, Worker>(
  items: readonly Item[],
  workers: readonly Worker[],
  work: (item: Item, worker: Worker) => Promise<void>,
): Promise<void> {
  const left = [...items];
  const done = await Promise.allSettled(
    workers.map(async (worker) => {
      for (let item = left.shift(); item !== undefined; item = left.shift()) {
        await work(item, worker);
      }
    }),
  );
  // Not before all have ended: nothing may go on behind a test that failed.
  const failed = done.find((one) => one.status === "rejected");
  if (failed !== undefined) {
    throw failed.reason;
  }
}
