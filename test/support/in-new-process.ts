import type { Emulator } from "../../emulator";
import type { Context } from "../../provider/core/lifecycle/definition";
import { benchFor as robotBenchFor } from "./securitycenter";
import { benchFor as zstackBenchFor } from "./zstack";

/** Runs one operation on a resource with this token in a process of its own, which remembers nothing. */
export async function inNewProcess<T>(
  emulator: Emulator,
  token: string,
  run: (ctx: Context) => Promise<T>,
): Promise<T> {
  const bench = token.startsWith("zstack:") ? zstackBenchFor(emulator) : robotBenchFor(emulator);
  try {
    return await run(bench.context());
  } finally {
    await bench.connection.close();
  }
}
