/** What an emulator does about one call of a vendor. */
export interface CoverageRow {
  /** The vendor's action name. */
  readonly operation: string;
  /** `METHOD path`, several when the call has several paths. */
  readonly routes: readonly string[];
  /** `implemented`: as the fact sheet says. `refused`: there, but it always fails. `absent`: not mapped. */
  readonly status: "implemented" | "refused" | "absent";
  /** Test file below test/emulator that covers the call; absent calls have none. */
  readonly testedBy?: string;
}

/** How a matrix and the routes that really exist differ; both lists are empty when they agree. */
export function compareCoverage(
  rows: readonly CoverageRow[],
  routed: ReadonlyMap<string, readonly string[]>,
): { readonly missingInMatrix: string[]; readonly missingInCode: string[] } {
  const claimed = new Set(rows.filter((row) => row.status !== "absent").flatMap(linesOf));
  const real = new Set([...routed].flatMap(([operation, routes]) => linesOf({ operation, routes })));
  const absent = new Set(rows.filter((row) => row.status === "absent").map((row) => row.operation));
  return {
    missingInMatrix: [...real].filter((line) => !claimed.has(line) || absent.has(line.split(" ")[0] ?? "")),
    missingInCode: [...claimed].filter((line) => !real.has(line)),
  };
}

function linesOf(row: { operation: string; routes: readonly string[] }): string[] {
  return row.routes.map((route) => `${row.operation} ${route}`);
}
