import { securitycenter, zstack } from "../../../provider";
import type { ResourceDefinition } from "../../../provider/core/lifecycle/definition";

/** Every resource class that the package exports, found by what it is, in the order of tokens. */
export function resourceClasses(): Pick<
  ResourceDefinition,
  "token" | "fields" | "outputs" | "crossCheck" | "refusedArguments"
>[] {
  return [zstack, securitycenter]
    .flatMap((cloud) => Object.values(cloud) as { definition?: ResourceDefinition }[])
    .flatMap(({ definition }) => (definition === undefined ? [] : [definition]))
    .sort((a, b) => a.token.localeCompare(b.token));
}
