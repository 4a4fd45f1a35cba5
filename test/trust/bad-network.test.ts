/**
 * Nearly every third request fails. `npm test` tries a few seeds; `npm run test:network` tries a hundred.
 * A seed that fails is named; `NETWORK_SEED=<seed>,… npm run test:network` tries it alone.
 */
import { networkFigures, runOverBadNetwork } from "./bad-network";
import { publishFigures, tryAll } from "./report";

const ONLY = process.env["NETWORK_SEED"];
const IS_WHOLE = process.env["npm_lifecycle_event"] === "test:network";
const HOUR_MS = 3_600_000;
const ALL = Array.from({ length: 100 }, (_, n) => n + 1);
/** The first seed has a test of its own. */
const SEEDS = ONLY !== undefined ? ONLY.split(",").map(Number) : IS_WHOLE ? ALL : [2, 3];
/** They mostly wait. */
const WORKERS = Array.from({ length: IS_WHOLE ? 6 : 3 }, (_, n) => n);

jest.setTimeout(IS_WHOLE ? HOUR_MS : 300_000);

/** Repeats a seed of the other suite. */
const isElsewhere = process.env["NETWORK_CLI_SEED"] !== undefined;
const here = isElsewhere ? test.skip : test;

here("a seed makes the same requests fail in the same way, again and again", async () => {
  const [first, again] = await Promise.all([runOverBadNetwork(1), runOverBadNetwork(1)]);
  expect(again.trace).toEqual(first.trace);
});

here(
  "a program of both clouds is created, changed and destroyed over a network that loses every third request",
  async () => {
    const { results, failures } = await tryAll(SEEDS, WORKERS, {
      attempt: (seed) => runOverBadNetwork(seed),
      nameOf: (seed) => `NETWORK_SEED=${seed}`,
    });
    expect(failures.join("\n\n")).toBe("");
    if (IS_WHOLE && ONLY === undefined) {
      publishFigures("bad-network", networkFigures(results));
    }
  },
);
