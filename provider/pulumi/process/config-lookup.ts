import type { dynamic } from "@pulumi/pulumi";
import type { ConfigLookup } from "../../core/settings/settings";

/** The configuration of a provider's process: every value as text, as stack config holds it. */
export function configLookup(config: dynamic.Config): ConfigLookup {
  return Object.assign((key: string) => asText(config.get(key)), { keys: keysOf(config) });
}

/** Pulumi keeps what it was given in a member of its own, and offers no list. Where a release hides it, likely keys are looked up. */
function keysOf(config: object): readonly string[] | undefined {
  const { rawConfig } = config as { readonly rawConfig?: unknown };
  return typeof rawConfig === "object" && rawConfig !== null ? Object.keys(rawConfig) : undefined;
}

function asText(value: unknown): string | undefined {
  if (value === undefined || value === null || typeof value === "string") {
    return value ?? undefined;
  }
  return JSON.stringify(value);
}
