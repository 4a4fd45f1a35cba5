import { clouds } from "../../../provider/clouds";
import type { AnyDefinition } from "../../../provider/core/lifecycle/cloud";

/** The definition of every resource of the package, in the order of tokens. */
export function allDefinitions(): AnyDefinition[] {
  return clouds
    .flatMap(({ definitions }) => Object.values(definitions))
    .sort((a, b) => a.token.localeCompare(b.token));
}
