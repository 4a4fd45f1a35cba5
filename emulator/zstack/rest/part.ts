import type { Operation } from "./operation";
import type { AnyTableSpec, Join } from "./store";

/** What one file brings into the server: what is kept, and which calls are answered. */
export interface Part<Specs extends readonly AnyTableSpec[] = readonly AnyTableSpec[]> {
  readonly tables: Specs;
  readonly operations: readonly Operation[];
  /** Fields that it adds to the queries of other kinds. */
  readonly joins: readonly Join[];
}

/** A part, with its tables still known by name. */
export function part<const Specs extends readonly AnyTableSpec[] = readonly []>({
  tables,
  operations,
  joins = [],
}: {
  readonly tables: Specs;
  readonly operations: readonly Operation[];
  readonly joins?: readonly Join[];
}): Part<Specs> {
  return { tables, operations, joins };
}
