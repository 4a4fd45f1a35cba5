/**
 * The programs of the other suite through the whole real CLI, while nearly every third request fails. `npm test` tries one seed;
 * `npm run test:network` tries ten. A seed that fails is named; `NETWORK_CLI_SEED=<seed>,… npm run test:network` tries it alone.
 */
import { networkFigures, type Runner, runOverBadNetwork } from "./bad-network";
import { CliStack } from "./cli-stack";
import { publishFigures, tryAll } from "./report";
import type { World } from "./world";

const ONLY = process.env["NETWORK_CLI_SEED"];
const IS_WHOLE = process.env["npm_lifecycle_event"] === "test:network";
const HOUR_MS = 3_600_000;
const seeds = (count: number): number[] => Array.from({ length: count }, (_, n) => 1_001 + n);
const SEEDS = ONLY !== undefined ? ONLY.split(",").map(Number) : seeds(IS_WHOLE ? 10 : 1);
const WORKERS = [1, 2];

jest.setTimeout(IS_WHOLE ? HOUR_MS : 300_000);

/** One resource after the other: else requests overtake each other, and a seed means another run every time. */
const IN_TURN = ["--yes", "--skip-preview", "--parallel", "1"];

async function cliRunner(world: World): Promise<Runner> {
  const cli = await CliStack.create(world);
  await cli.init();
  return {
    up: async (program) => {
      cli.declare(program);
      const command = program.length > 0 ? "up" : "destroy";
      const { exitCode, text } = await cli.pulumi([command, ...IN_TURN], { expectExit: "any" });
      return exitCode === 0 ? [] : [text];
    },
    assertExactly: (program) => cli.assertExactly(program),
    dispose: () => cli.dispose(),
  };
}

/** Repeats a seed of the other suite. */
const isElsewhere = process.env["NETWORK_SEED"] !== undefined;

(isElsewhere ? test.skip : test)(
  "the CLI creates, changes and destroys a program of both clouds over a network that loses every third request",
  async () => {
    const { results, failures } = await tryAll(SEEDS, WORKERS, {
      attempt: (seed) => runOverBadNetwork(seed, cliRunner),
      nameOf: (seed) => `NETWORK_CLI_SEED=${seed}`,
    });
    expect(failures.join("\n\n")).toBe("");
    if (IS_WHOLE && ONLY === undefined) {
      publishFigures("bad-network-cli", networkFigures(results));
    }
  },
);
