import * as fs from "node:fs";
import * as path from "node:path";

/** Figures of a whole suite, as one line of JSON: printed, and kept for whoever makes a table of them. */
export function reportFigures(suite: string, figures: object): void {
  const line = JSON.stringify({ suite, ...figures });
  process.stdout.write(`${line}\n`);
  const folder = path.join(__dirname, "results");
  fs.mkdirSync(folder, { recursive: true });
  fs.writeFileSync(path.join(folder, `${suite}.json`), `${line}\n`);
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
      for (let item = left.shift(); item !== undefined; item = left.shift()) await work(item, worker);
    }),
  );
  // Not before all have ended: nothing may go on behind a test that failed.
  const failed = done.find((one) => one.status === "rejected");
  if (failed !== undefined) throw failed.reason;
}
