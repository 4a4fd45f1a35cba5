import type { FieldTable, OutputTable } from "./fields";
import type { Findings } from "./findings";

/** What decides about the arguments of a resource. */
export interface ArgumentRules<
  Fields extends FieldTable = FieldTable,
  Outputs extends OutputTable = OutputTable,
> {
  readonly fields: Fields;
  readonly outputs: Outputs;
  /** Arguments people look for and will not find, each with a sentence that says why. */
  readonly refusedArguments?: Readonly<Record<string, string>>;
  /**
   * Rules that concern several fields at once. `inputs` are canonical; values may be unknown or, where they were refused,
   * missing. `given` is what the program wrote, before defaults.
   */
  crossCheck?(
    inputs: Readonly<Record<string, unknown>>,
    findings: Findings,
    given: Readonly<Record<string, unknown>>,
  ): void;
}
